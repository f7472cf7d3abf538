import { NetSpaceError, type NetSpaceErrorCode } from '@netspace/prep';

import type { CallName, Calls, FromWorker, ToWorker } from '../worker/messages/protocol.js';
import type { CallOptions, Engine } from './engine.js';

/** What {@link createEngine} needs of a worker. */
export interface WorkerPort {
  postMessage(message: ToWorker, transfer?: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: { readonly data: FromWorker }) => void): void;
  addEventListener(type: 'error', listener: (event: { readonly message?: string }) => void): void;
  addEventListener(type: 'messageerror', listener: () => void): void;
  terminate(): void;
}

interface Call {
  readonly id: number;
  readonly name: CallName;
  readonly request: unknown;
  readonly onProgress: ((value: never) => void) | undefined;
  resolve(value: never): void;
  reject(error: NetSpaceError): void;
}

/** One call runs, and at most one waits. */
interface Lane {
  running: Call;
  waiting?: Call;
}

/**
 * The page's side of the worker. Calls of one lane replace each other: the newest waits until the one that runs is done or has stopped, and those
 * between are never sent. Short calls are not stopped half way, so that a drag shows the places that it passes.
 *
 * Every call is settled once: an error of the worker itself rejects all, and those that come after.
 */
export function createEngine(worker: WorkerPort): Engine {
  const lanes = new Map<string, Lane>();
  let next = 1;
  let dead: NetSpaceError | undefined;

  const send = (lane: string, call: Call): void => {
    const { id, name, request } = call;
    try {
      worker.postMessage({ type: 'call', id, name, request, lane });
    } catch (cause) {
      leave(lane);
      call.reject(new NetSpaceError('INVALID_OPTION', `explorer: expected a request that can be sent to the worker, got: ${String(cause)}`, { cause })); // prettier-ignore
    }
  };
  const leave = (name: string): void => {
    const lane = lanes.get(name);
    if (lane?.waiting === undefined) {
      lanes.delete(name);
      return;
    }
    const { waiting } = lane;
    lanes.set(name, { running: waiting });
    send(name, waiting);
  };
  const replaced = () => new NetSpaceError('ABORTED', 'explorer: replaced by a newer call');
  const enter = (name: string, call: Call): void => {
    const lane = lanes.get(name);
    if (lane === undefined) {
      lanes.set(name, { running: call });
      send(name, call);
      return;
    }
    if (lane.waiting === undefined) worker.postMessage({ type: 'abort', id: lane.running.id });
    else lane.waiting.reject(replaced());
    lane.waiting = call;
  };
  /** The signal's wish: what waits ends at once, what runs when the worker has stopped. */
  const stop = (name: string, call: Call): void => {
    const lane = lanes.get(name);
    if (lane?.waiting === call) {
      delete lane.waiting;
      call.reject(stoppedBySignal());
    } else if (lane?.running === call) {
      worker.postMessage({ type: 'abort', id: call.id });
    }
  };
  const end = (error: NetSpaceError): void => {
    dead = error;
    for (const { running, waiting } of lanes.values()) {
      running.reject(error);
      waiting?.reject(error);
    }
    lanes.clear();
  };

  worker.addEventListener('message', ({ data: message }) => {
    const found = [...lanes].find(([, { running }]) => running.id === message.id);
    if (found === undefined) return;
    const [name, { running }] = found;
    if (message.type === 'progress') {
      running.onProgress?.(message.value as never);
      return;
    }
    leave(name);
    if (message.type === 'answer') running.resolve(message.value as never);
    else running.reject(new NetSpaceError(message.code as NetSpaceErrorCode, message.message));
  });
  worker.addEventListener('error', ({ message }) => end(crashed(message ?? 'its script could not be loaded')));
  worker.addEventListener('messageerror', () => end(crashed('an answer could not be read')));

  return {
    call<N extends CallName>(name: N, request: Calls[N]['request'], { lane = name, signal, onProgress }: CallOptions<N> = {}) {
      return new Promise<Calls[N]['answer']>((resolve, reject) => {
        if (dead !== undefined) {
          reject(dead);
          return;
        }
        if (signal?.aborted) {
          reject(stoppedBySignal());
          return;
        }
        const onAbort = () => stop(lane, call);
        const settle =
          <T>(by: (value: T) => void) =>
          (value: T): void => {
            signal?.removeEventListener('abort', onAbort);
            by(value);
          };
        const call: Call = {
          id: next++,
          name,
          request,
          onProgress: onProgress as Call['onProgress'],
          resolve: settle(resolve),
          reject: settle(reject),
        };
        signal?.addEventListener('abort', onAbort);
        enter(lane, call);
      });
    },
    close() {
      worker.terminate();
      end(new NetSpaceError('ABORTED', 'explorer: the page was closed'));
    },
  };
}

const stoppedBySignal = () => new NetSpaceError('ABORTED', 'explorer: stopped by its signal');

const crashed = (words: string): NetSpaceError =>
  new NetSpaceError('UNAVAILABLE', `explorer: expected the worker to run, got an error: ${words}; load the page again`);
