import { NetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import type { CallContext } from '../calls/call-context.js';
import { classify } from '../calls/classify.js';
import { curve } from '../calls/curve.js';
import { embeddings } from '../calls/embeddings.js';
import { heat } from '../calls/heat.js';
import { keep } from '../calls/keep.js';
import { look } from '../calls/look.js';
import { shape } from '../calls/shape.js';
import { survey } from '../calls/survey.js';
import { umap } from '../calls/umap.js';
import { closeSession, openFolder } from '../open/open.js';
import type { Handlers } from './serve-calls.js';
import type { Session } from '../session.js';
import { hurry } from './turns.js';

type Handler<Request, Progress, Answer> = (session: Session, request: Request, context: CallContext<Progress>) => Promise<Answer> | Answer;

/** Calls of one open folder at a time. Opening another ends those that run, then frees the former. */
export function makeHandlers(): Handlers {
  let session: Session | undefined;
  let opening: AbortController | undefined;
  const running = new Set<Promise<unknown>>();
  let closing = new AbortController();

  const inSession =
    <Request, Progress, Answer>(handler: Handler<Request, Progress, Answer>, hurried: boolean) =>
    async (request: Request, { signal, progress }: CallContext<Progress>): Promise<Answer> => {
      if (session === undefined) throw new NetSpaceError('NOT_FOUND', 'explorer: expected an open folder, got none; open one first');
      if (hurried) hurry();
      const answer = Promise.resolve(handler(session, request, { signal: AbortSignal.any([signal, closing.signal]), progress }));
      running.add(answer);
      try {
        return await answer;
      } finally {
        running.delete(answer);
        if (hurried) hurry();
      }
    };
  const inFront = <Request, Progress, Answer>(handler: Handler<Request, Progress, Answer>) => inSession(handler, true);
  const behind = <Request, Progress, Answer>(handler: Handler<Request, Progress, Answer>) => inSession(handler, false);

  return {
    async open(request, { signal, progress }) {
      opening?.abort();
      const controller = new AbortController();
      opening = controller;
      closing.abort();
      closing = new AbortController();
      await Promise.allSettled(running);
      if (session !== undefined) {
        const former = session;
        session = undefined;
        await closeSession(former);
      }
      const found = await openFolder(request, { signal: AbortSignal.any([signal, controller.signal]), progress });
      if (controller.signal.aborted) {
        await closeSession(found.session);
        throw new NetSpaceError('ABORTED', 'open: another folder was opened meanwhile');
      }
      session = found.session;
      return found.opened;
    },
    look: inFront(look),
    curve: inFront(curve),
    survey: inFront(survey),
    shape: inFront(shape),
    classify: inFront(classify),
    embeddings: inFront(embeddings),
    keep: inFront(keep),
    memory: () => ({ tensors: tf.memory().numTensors }),
    heat: behind(heat),
    umap: behind(umap),
    optimize: behind(async (opened, request, context) => (await import('../calls/optimize.js')).optimize(opened, request, context)),
    refine: behind(async (opened, request, context) => (await import('../calls/refine.js')).refine(opened, request, context)),
    bring: inFront(async (opened, request) => (await import('../calls/bring.js')).bring(opened, request)),
    download: inFront(async (opened, request) => (await import('../calls/download.js')).download(opened, request)),
  };
}
