import { setTimeout } from 'node:timers/promises';

import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import type { JobQueue } from '@netspace/queue';

import { isS3Address } from '../../files/s3/s3-place.js';
import { NO_TELEMETRY, type Telemetry } from '../../metrics/telemetry.js';
import { counted } from '../../cli/output/counted.js';
import { fullPlace } from '../../files/full-place.js';
import { jobFolder } from '../folder/job-folder.js';
import type { JobRequest } from '../job-messages.js';
import { jobProcesses } from '../job-processes.js';
import type { WorkKind } from '../work-kind.js';
import { BEAT_EVERY_MS, watchBeat } from './beat.js';

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
  /** Says something to the user. */
  readonly note?: ((line: string) => void) | undefined;
  /**
   * How long a command may give no sign of life in the folder, or in the queue, while it gives one in the other.
   * @default 100_000
   */
  readonly patienceMs?: number | undefined;
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
    note,
    patienceMs = 100_000,
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
  const working = queue.work(
    concurrency,
    ({ data: request }) => {
      running++;
      return run(request).finally(() => running--);
    },
    name,
  );
  const beating = watchBeat({ folder, queue }, patienceMs + (isS3Address(zoo) ? 3 * BEAT_EVERY_MS.bucket : 0));
  let isAlone = false;
  const isTogether = (): boolean => {
    const now = beating();
    if (now === 'not in the folder') refused ??= otherFolder(zoo);
    if (now === 'not in the queue') refused ??= otherQueue(zoo);
    if (now === 'nowhere' && !isAlone && running === 0) {
      note?.('no job waits, and the command that plans the jobs does not run now: waiting until it goes on');
      isAlone = true;
    }
    if (now === 'well') isAlone = false;
    return refused === undefined;
  };
  const pause = (milliseconds: number) => setTimeout(milliseconds, undefined, { signal: stopped }).catch(() => undefined);
  const isWanted = async (): Promise<boolean> =>
    (await folder.readPlan())?.queueId === queueId && !(whileJobsWait && running === 0 && (await queue.counts()).waiting === 0);
  while (!stopped.aborted && (await isWanted()) && isTogether())
    await pause(whileJobsWait ? 500 : LOOK_EVERY_MS[isS3Address(zoo) ? 'bucket' : 'folder']);
  if (whileJobsWait) await working.close();
  while (whileJobsWait && running > 0 && !stopped.aborted) await pause(100); // it was taken at the last moment
  stop.abort();
  await working.close();
  if (signal.aborted)
    throw new NetSpaceError(
      'ABORTED',
      `worker: stopped by its signal after ${counted(work.done, 'job')}; those in progress go to other workers`,
    );
  if (refused !== undefined) throw refused;
  return work;
}

const otherFolder = (zoo: string): NetSpaceError =>
  new NetSpaceError(
    'INVALID_OPTION',
    `worker: expected --out to be the folder in which the command looks for results, got another one, ${fullPlace(zoo)}: the command gives signs of life in the queue and none there; name the folder itself, not a copy of it. What this worker did is made again by others`,
  );

const otherQueue = (zoo: string): NetSpaceError =>
  new NetSpaceError(
    'INVALID_OPTION',
    `worker: expected --queue to be that of the command, got another server or database: the command gives signs of life in ${fullPlace(zoo)} and none in the queue; name the same address and database as it does`,
  );

/** Whoever reaches the queue may write into it: nothing but the place of a job, its key and names is taken from it. */
function checkRequest({ index, key, wanted }: JobRequest): void {
  const isOne =
    Number.isSafeInteger(index) && /^[0-9a-f]{32}$/.test(key) && Array.isArray(wanted) && wanted.every((name) => typeof name === 'string');
  if (!isOne) throw new Error('expected a job of netspace, got something else');
}
