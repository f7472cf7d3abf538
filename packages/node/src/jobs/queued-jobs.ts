import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

import { NetSpaceError } from '@netspace/prep';
import type { JobQueue } from '@netspace/queue';

import { isS3Address } from '../files/s3/s3-place.js';
import type { Progress } from '../runs/progress.js';
import type { JobRunner, WorkFacts } from './ended-jobs.js';
import type { NamedBytes } from './job.js';
import { type JobFolder, jobFolder } from './job-folder.js';
import type { JobOrigin } from './job-key.js';
import type { JobRequest } from './job-messages.js';
import { jobsProgress } from './jobs-progress.js';
import type { WorkKind } from './work-kind.js';
import type { WorkSource } from './works/work-source.js';

/** Jobs of a build that are in the queue at once. */
export const QUEUED_AT_ONCE = 10_000;

/** How often the folder is looked at, and every how many looks the queue is. A look into a bucket costs a request. */
const LOOKS = { folder: { everyMs: 250, aQueue: 8 }, bucket: { everyMs: 2000, aQueue: 1 } } as const;

interface QueuedJobsOptions {
  readonly zoo: string;
  readonly kind: WorkKind;
  readonly source: WorkSource;
  readonly origin: JobOrigin;
  /** In thousandths. */
  readonly bar: Progress;
  readonly open: (id: string) => Promise<JobQueue<JobRequest>>;
}

interface Waiting {
  readonly request: JobRequest;
  /** Whether the queue has it: an error that the queue still knows of an earlier time is not its. */
  added: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Runs jobs wherever workers take them from a queue. Their results are looked for in the zoo's folder, so that nothing is lost with the queue:
 * what it has forgotten is put back.
 */
export async function queuedJobs({ zoo, kind, source, origin, bar, open }: QueuedJobsOptions, facts: WorkFacts): Promise<JobRunner> {
  const { present, total, signal } = facts;
  const folder = jobFolder(zoo, kind);
  const queueId = (await folder.readPlan())?.queueId ?? randomBytes(8).toString('hex');
  const queue = await open(queueId);
  await folder.writePlan({ source, origin, total, present, begun: Date.now(), queueId });
  const waiting = new Map<string, Waiting>();
  const progress = jobsProgress(bar, { present, total });
  const watching = watch({ folder, queue, waiting, signal, looking: LOOKS[isS3Address(zoo) ? 'bucket' : 'folder'] });
  return {
    async run(request, job) {
      const shown = progress.of(job.title, request.wanted.length);
      const { key } = request;
      const ended = new Promise<void>((resolve, reject) => waiting.set(key, { request, added: false, resolve, reject }));
      const add = async (): Promise<void> => {
        await queue.add([{ key, data: request }]);
        const one = waiting.get(key);
        if (one !== undefined) one.added = true;
        await ended;
      };
      const [outcome] = await Promise.allSettled([Promise.race([ended, add()])]);
      waiting.delete(key);
      shown.onEnd(outcome.status === 'fulfilled');
      if (outcome.status === 'rejected') throw outcome.reason;
    },
    async close(complete) {
      if (complete) await queue.remove().catch(() => undefined); // what is left of it harms nobody
      await queue.close();
      await watching;
    },
  };
}

interface Watch {
  readonly folder: JobFolder<NamedBytes>;
  readonly queue: JobQueue<JobRequest>;
  readonly waiting: ReadonlyMap<string, Waiting>;
  readonly signal: AbortSignal;
  readonly looking: (typeof LOOKS)['folder' | 'bucket'];
}

/** Tells each job that waits when it has ended, until the signal. */
async function watch({ folder, queue, waiting, signal, looking }: Watch): Promise<void> {
  const stopped = (): void => {
    const error = new NetSpaceError('ABORTED', 'queuedJobs: stopped by its signal');
    for (const { reject } of waiting.values()) reject(error);
  };
  signal.addEventListener('abort', stopped, { once: true });
  const look = async (atQueue: boolean): Promise<void> => {
    await resolveEnded(folder, waiting);
    if (atQueue) await lookAtQueue({ folder, queue, waiting });
  };
  for (let looks = 1; !signal.aborted; looks++) {
    await setTimeout(looking.everyMs, undefined, { signal }).catch(() => undefined);
    if (waiting.size === 0) continue;
    await look(looks % looking.aQueue === 0).catch((error: unknown) => {
      for (const { reject } of waiting.values()) reject(error); // for nothing where the signal has told them
    });
  }
}

/** Tells the jobs whose results are there. */
async function resolveEnded(folder: Pick<JobFolder, 'resultKeys'>, waiting: ReadonlyMap<string, Waiting>): Promise<void> {
  const there = new Set(await folder.resultKeys());
  for (const [key, { resolve }] of waiting) if (there.has(key)) resolve();
}

async function lookAtQueue({ folder, queue, waiting }: Omit<Watch, 'signal' | 'looking'>): Promise<void> {
  const failed = await queue.failed();
  for (const [key, { added, reject }] of waiting) {
    const message = failed.get(key);
    if (added && message !== undefined) reject(new Error(message));
  }
  const counts = await queue.counts();
  // After the queue: a job that is no longer there because it has ended has left its result before.
  const there = new Set(await folder.resultKeys());
  const left = [...waiting].filter(([key, { added }]) => added && !failed.has(key) && !there.has(key));
  if (counts.waiting + counts.active >= left.length) return;
  await queue.add(left.map(([key, { request }]) => ({ key, data: request }))); // the server was restarted without its data
}
