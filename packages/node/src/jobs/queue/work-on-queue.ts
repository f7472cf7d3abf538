import { setTimeout } from 'node:timers/promises';

import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import type { JobQueue } from '@netspace/queue';

import { isS3Address } from '../../files/s3/s3-place.js';
import { NO_TELEMETRY, type Telemetry } from '../../metrics/telemetry.js';
import { jobFolder } from '../folder/job-folder.js';
import type { JobRequest } from '../job-messages.js';
import { jobProcesses } from '../job-processes.js';
import type { WorkKind } from '../work-kind.js';

/** How often a worker looks whether the build still goes on. A look into a bucket costs a request. */
const LOOK_EVERY_MS = { folder: 2000, bucket: 10_000 } as const;

export interface WorkOnQueueOptions {
  readonly queue: JobQueue<JobRequest>;
  readonly queueId: string;
  /** Tells the others who this is; see `nameOfFacts`. */
  readonly name?: string;
  /** The zoo's folder, as this machine sees it. */
  readonly zoo: string;
  readonly kind: WorkKind;
  /** In place of the plan's data, on this machine. */
  readonly data?: string | undefined;
  /** In place of the plan's space, on this machine. */
  readonly space?: string | undefined;
  readonly concurrency: number;
  /** Of each process, as the build has it. */
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Called after each job, with what this worker has done. */
  readonly onJob?: ((work: WorkDone) => void) | undefined;
  /** @default none */
  readonly telemetry?: Telemetry;
  /**
   * Ends when no job waits, also if the work has not ended.
   * @default false
   */
  readonly whileJobsWait?: boolean;
}

/** What a worker has done. */
export interface WorkDone {
  readonly done: number;
  readonly failed: number;
  readonly networks: number;
  /** How long its jobs took, added up. */
  readonly seconds: number;
}

/**
 * Takes jobs from a queue and runs them, until the work has ended, or until no job waits.
 *
 * @throws NetSpaceError `ABORTED` when the signal stopped it, with its jobs back in the queue; as a job that this machine refuses, such as
 * `INVALID_OPTION` for other data, which other workers then get
 */
export async function workOnQueue(options: WorkOnQueueOptions): Promise<WorkDone> {
  const {
    queue,
    queueId,
    name,
    zoo,
    kind,
    data,
    space,
    concurrency,
    threads,
    signal,
    onJob,
    telemetry = NO_TELEMETRY,
    whileJobsWait = false,
  } = options;
  const folder = jobFolder(zoo, kind);
  const stop = new AbortController();
  const stopped = AbortSignal.any([signal, stop.signal]);
  const processes = jobProcesses({ zoo, kind, data, space, threads, signal: stopped });
  let work: WorkDone = { done: 0, failed: 0, networks: 0, seconds: 0 };
  let refused: Error | undefined;
  const run = async (request: JobRequest): Promise<'done' | 'again'> => {
    checkRequest(request);
    if ((await folder.readResult(request.key)) !== undefined) return 'done'; // by a worker that was taken for dead
    const begun = performance.now();
    try {
      const facts = { 'netspace.zoo': zoo, 'netspace.work': kind, 'netspace.job': request.key, 'netspace.networks': request.wanted.length };
      await telemetry.span('netspace job', facts, () => processes.run(request));
      work = { ...work, done: work.done + 1, networks: work.networks + request.wanted.length };
      return 'done';
    } catch (error) {
      if (!isNetSpaceError(error) && !stopped.aborted) {
        work = { ...work, failed: work.failed + 1 };
        throw error;
      }
      refused ??= error instanceof Error ? error : new Error(String(error));
      stop.abort();
      return 'again';
    } finally {
      work = { ...work, seconds: work.seconds + (performance.now() - begun) / 1000 };
      onJob?.(work);
    }
  };
  let running = 0;
  const counted = async (request: JobRequest) => {
    running++;
    return run(request).finally(() => running--);
  };
  const working = queue.work(concurrency, ({ data: request }) => counted(request), name);
  const pause = (milliseconds: number) => setTimeout(milliseconds, undefined, { signal: stopped }).catch(() => undefined);
  const isWanted = async (): Promise<boolean> =>
    (await folder.readPlan())?.queueId === queueId && !(whileJobsWait && running === 0 && (await queue.counts()).waiting === 0);
  while (!stopped.aborted && (await isWanted())) await pause(whileJobsWait ? 500 : LOOK_EVERY_MS[isS3Address(zoo) ? 'bucket' : 'folder']);
  if (whileJobsWait) await working.close();
  while (whileJobsWait && running > 0 && !stopped.aborted) await pause(100); // it was taken at the last moment
  stop.abort();
  await working.close();
  if (signal.aborted) throw new NetSpaceError('ABORTED', `worker: stopped by its signal after ${work.done} jobs`);
  if (refused !== undefined) throw refused;
  return work;
}

/** Whoever reaches the queue may write into it: nothing but the place of a job, its key and names is taken from it. */
function checkRequest({ index, key, wanted }: JobRequest): void {
  const isOne =
    Number.isSafeInteger(index) && /^[0-9a-f]{32}$/.test(key) && Array.isArray(wanted) && wanted.every((name) => typeof name === 'string');
  if (!isOne) throw new Error('expected a job of netspace, got something else');
}
