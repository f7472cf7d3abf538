import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { pMapIterable } from 'p-map';

import type { Job, NamedBytes } from './job.js';
import type { JobFolder, SetAside } from './folder/job-folder.js';
import type { JobRequest } from './job-messages.js';
import type { JobResult } from './folder/job-result.js';

/** A job fails so often before it is set aside, unless it would fail in the same way again. */
const MAX_TRIES = 3;
/** Most jobs that are given at once. */
const GIVEN_AT_ONCE = 64;

/** Where jobs run. */
export interface JobRunner {
  /**
   * Runs a job and returns when its result is in the folder of jobs. A `NetSpaceError` ends the whole work; after another error the job is
   * tried again.
   */
  run(request: JobRequest, job: Pick<Job, 'title'>): Promise<void>;
  /** @param complete whether all jobs have ended */
  close(complete: boolean): void | Promise<void>;
}

/** What is known when a work begins. */
export interface WorkFacts {
  /** Networks that are there, of `total` that are wanted. */
  readonly present: number;
  readonly total: number;
  /** Networks that are there now. */
  readonly done: () => number;
  /** Aborted when no more jobs are wanted. */
  readonly signal: AbortSignal;
}

/** A job of which some networks are missing. */
export interface MissingJob<J extends Job = Job> {
  readonly job: J;
  readonly index: number;
  readonly key: string;
  readonly wanted: readonly string[];
}

/** A job that is over. */
export interface EndedJob<Given extends NamedBytes> extends MissingJob {
  readonly result: JobResult<Given>;
  /** Why some of its networks are missing for good, if they are. */
  readonly failed: SetAside | undefined;
}

/** The jobs of a plan of which the caller lacks some networks. */
export function missingJobs<J extends Job>(
  jobs: readonly J[],
  keys: readonly string[],
  present: ReadonlySet<string>,
): readonly MissingJob<J>[] {
  return jobs.flatMap((job, index) => {
    const wanted = job.names.filter((name) => !present.has(name));
    return wanted.length === 0 ? [] : [{ job, wanted, index, key: keys[index]! }];
  });
}

interface EndedJobsOptions<Given extends NamedBytes> {
  readonly folder: JobFolder<Given>;
  /** Jobs at once. */
  readonly concurrency: number;
  /** Jobs that are not tried again. */
  readonly aside: readonly SetAside[];
  /** Called before the first job. */
  readonly start: (signal: AbortSignal) => Promise<JobRunner>;
  readonly signal: AbortSignal | undefined;
  /** The error when the signal has stopped it. */
  readonly aborted: () => NetSpaceError;
}

/**
 * Runs jobs anywhere, several at once, and gives them in their order, some at a time: whichever ends first, the caller sees the same. A result that comes before
 * its turn waits in the folder of jobs, where the next call finds it. The caller removes results that it has used.
 *
 * @throws NetSpaceError `ABORTED` when the signal stopped it; any that a job is refused with
 */
export async function* endedJobs<Given extends NamedBytes>(
  missing: readonly MissingJob[],
  { folder, concurrency, aside, start, signal, aborted }: EndedJobsOptions<Given>,
): AsyncGenerator<readonly EndedJob<Given>[], void> {
  const wanted = new Set(missing.map(({ key }) => key));
  const kept = new Set(await folder.resultKeys());
  for (const key of kept) if (!wanted.has(key)) await folder.removeResult(key); // of other settings or another version
  for (const key of await folder.checkpointKeys()) if (!wanted.has(key)) await folder.removeCheckpoint(key);
  const stop = new AbortController();
  const stopped = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const runner = missing.length === 0 ? undefined : await start(stopped);
  const tried = tries({ folder, kept, aside, run: (request, job) => runner!.run(request, job) });
  let refused: Error | undefined;
  /** Jobs that have ended, by place, with why they are set aside. */
  const ended = new Map<number, SetAside | undefined>();
  const outcome = async (one: MissingJob, place: number): Promise<void> => {
    if (stopped.aborted) return;
    try {
      ended.set(place, await tried(one));
    } catch (error) {
      refused ??= error instanceof Error ? error : new Error(String(error));
      stop.abort();
    }
  };
  let complete = false;
  try {
    let [place, given] = [0, 0];
    for await (const _ of pMapIterable(missing, outcome, { concurrency, backpressure: missing.length + concurrency })) {
      if (signal?.aborted) throw aborted();
      if (refused !== undefined) throw refused;
      if (place++ < given) continue; // with those before it
      let to = given;
      while (to < given + GIVEN_AT_ONCE && ended.has(to)) to++; // without a gap
      const from = given;
      given = to;
      yield await Promise.all(missing.slice(from, to).map((one, i) => withResult(one, ended.get(from + i), folder)));
    }
    complete = true;
  } finally {
    stop.abort();
    await runner?.close(complete);
  }
}

async function withResult<Given extends NamedBytes>(
  one: MissingJob,
  aside: SetAside | undefined,
  folder: JobFolder<Given>,
): Promise<EndedJob<Given>> {
  const { key, job, wanted } = one;
  const result: JobResult<Given> | undefined = aside === undefined ? await folder.readResult(key) : { drafts: [] };
  if (result === undefined) {
    throw new NetSpaceError(
      'NOT_FOUND',
      `endedJobs: expected the result of ${job.title} in ${folder.place}, got none; run the command again`,
    );
  }
  const has = new Set(result.drafts.map(({ record }) => record.name));
  const names = wanted.filter((name) => !has.has(name));
  return { ...one, result, failed: aside ?? (result.failure && { key, title: job.title, names, tries: 1, error: result.failure }) };
}

interface Tries {
  readonly folder: Pick<JobFolder<NamedBytes>, 'place' | 'readResult'>;
  /** Keys of the results that an earlier call has left. */
  readonly kept: ReadonlySet<string>;
  readonly aside: readonly SetAside[];
  readonly run: JobRunner['run'];
}

/** Runs a job until there is a result, or gives why it is set aside. */
function tries({ folder, kept, aside, run }: Tries): (missing: MissingJob) => Promise<SetAside | undefined> {
  const before = new Map(aside.map((job) => [job.key, job]));
  const isThere = async ({ key, job, wanted }: MissingJob): Promise<boolean> => {
    const result = await folder.readResult(key);
    const has = new Set(result?.drafts.map(({ record }) => record.name));
    if (result === undefined || [...has].some((name) => !job.names.includes(name))) return false;
    return result.failure !== undefined || wanted.every((name) => has.has(name));
  };
  return async (missing) => {
    const { job, index, key, wanted } = missing;
    if (before.has(key)) return before.get(key);
    if (kept.has(key) && (await isThere(missing))) return undefined;
    for (let count = 1; ; count++) {
      try {
        await run({ index, key, wanted }, job);
        if (!(await isThere(missing))) throw new Error(`its result is not in ${folder.place}`);
        return undefined;
      } catch (error) {
        if (isNetSpaceError(error)) throw error;
        if (count < MAX_TRIES) continue;
        const message = error instanceof Error ? error.message : String(error);
        return { key, title: job.title, names: wanted, tries: count, error: { code: 'UNEXPECTED', message } };
      }
    }
  };
}

/**
 * The error of a work that has ended but for some jobs.
 *
 * @param done what became of all others
 * @param wayOn how to try these again
 */
export function someSetAside(
  call: string,
  jobs: readonly SetAside[],
  { done, wayOn }: { readonly done: string; readonly wayOn: string },
): NetSpaceError {
  const code = jobs.every(({ error }) => error.code === 'DIVERGED') ? 'DIVERGED' : 'UNAVAILABLE';
  const said = jobs
    .slice(0, 10)
    .map(({ title, tries, error }) => `${title} (${tries === 1 ? '' : `tried ${tries} times; `}${error.message})`);
  const more = jobs.length > 10 ? ` and ${jobs.length - 10} more` : '';
  const what = jobs.length === 1 ? 'one job is' : `${jobs.length} jobs are`;
  return new NetSpaceError(code, `${call}: ${what} set aside and ${done}: ${said.join('; ')}${more}; ${wayOn}`);
}
