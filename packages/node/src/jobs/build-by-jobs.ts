import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { namesThere, type ZooJob, type ZooPlan } from '@netspace/train/internal';
import type { ZooAddition } from '@netspace/train';
import type { InstanceStore } from '@netspace/zoo';
import { openCatalog } from '@netspace/zoo/internal';
import { pMapIterable } from 'p-map';

import { filesAt } from '../files/files-at.js';
import { type JobFolder, jobFolder, type SetAside } from './job-folder.js';
import type { JobRequest } from './job-messages.js';
import type { JobResult } from './job-result.js';

/** A job fails so often before it is set aside, unless it would fail in the same way again. */
const MAX_TRIES = 3;

/** Where jobs run. */
export interface JobRunner {
  /**
   * Runs a job and returns when its result is in the zoo's folder of jobs. A `NetSpaceError` ends the build; after another error the job is
   * tried again.
   */
  run(request: JobRequest, job: ZooJob): Promise<void>;
  /** @param complete whether all jobs have ended */
  close(complete: boolean): void | Promise<void>;
}

/** What is known when a build begins. */
export interface BuildFacts {
  /** Networks that are there, of `total` that the recipe names. */
  readonly present: number;
  readonly total: number;
  /** Aborted when no more jobs are wanted. */
  readonly signal: AbortSignal;
}

interface BuildByJobsOptions {
  readonly store: InstanceStore;
  /** The zoo's folder, which the store keeps. */
  readonly zoo: string;
  /** Names of the plan's jobs; see `jobKeys`. */
  readonly keys: readonly string[];
  /** Jobs at once. */
  readonly concurrency: number;
  /** Called before the first job. */
  start(facts: BuildFacts): Promise<JobRunner>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Builds a zoo from jobs that run anywhere, several at once, and adds their networks in the order of the recipe: files and index are the same
 * whichever job ends first. A result that comes before its turn waits in the folder of jobs, where the next build finds it.
 *
 * @throws NetSpaceError `ABORTED` when the signal stopped it; `DIVERGED` or `UNAVAILABLE` at the end, naming the jobs that are set aside; any
 * that a job is refused with
 */
export async function* buildByJobs(plan: ZooPlan, options: BuildByJobsOptions): AsyncGenerator<ZooAddition, void> {
  const { store, zoo, keys, concurrency, signal } = options;
  const folder = jobFolder(zoo);
  const names = plan.jobs.flatMap((job) => job.names);
  const total = names.length;
  const { present, look } = await namesThere(store, names);
  const missing = plan.jobs.flatMap((job, index) => missingOf(job, { present, index, key: keys[index]! }));
  plan.check(missing.map(({ job }) => job));
  const wanted = new Set(missing.map(({ key }) => key));
  const kept = new Set(await folder.resultKeys());
  for (const key of kept) if (!wanted.has(key)) await folder.removeResult(key); // of another recipe or version
  for (const key of await folder.checkpointKeys()) if (!wanted.has(key)) await folder.removeCheckpoint(key);
  const stop = new AbortController();
  const stopped = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const runner = missing.length === 0 ? undefined : await options.start({ present: present.size, total, signal: stopped });
  const tried = tries({ folder, kept, aside: await folder.listSetAside(), run: (request, job) => runner!.run(request, job) });
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
  const left: SetAside[] = [];
  const catalog = openCatalog(filesAt(zoo), 'shards');
  let complete = false;
  try {
    let [place, added] = [0, 0];
    for await (const _ of pMapIterable(missing, outcome, { concurrency, backpressure: missing.length + concurrency })) {
      if (signal?.aborted)
        throw new NetSpaceError('ABORTED', `zoo build: stopped by its signal with ${present.size} of ${total} instances in the store`);
      if (refused !== undefined) throw refused;
      if (place++ < added) continue; // with those before it
      const jobs = nextOf(missing, ended, added);
      added += jobs.length;
      await look(); // another builder may have added some
      const results = await Promise.all(jobs.map((one) => resultOf(one, folder)));
      const drafts = results.flatMap((result) => result.drafts).filter(({ record }) => !present.has(record.name));
      for (const record of await catalog.add(drafts)) {
        present.add(record.name);
        yield { done: present.size, total, record };
      }
      for (const [i, { job, key, wanted, aside }] of jobs.entries()) {
        const { failure } = results[i]!;
        const names = wanted.filter((name) => !present.has(name));
        const failed = aside ?? (failure && { key, title: job.title, names, tries: 1, error: failure });
        if (failed !== undefined) {
          await folder.setAside(failed);
          left.push(failed);
        }
        await folder.removeResult(key);
      }
    }
    complete = true;
  } finally {
    stop.abort();
    await runner?.close(complete);
  }
  await folder.clear();
  if (left.length > 0) throw someSetAside(left, zoo);
}

/** Most jobs whose networks are added at once. */
const ADDED_AT_ONCE = 64;

/** The jobs from a place on that have ended, without a gap. */
function nextOf(missing: readonly MissingJob[], ended: ReadonlyMap<number, SetAside | undefined>, from: number): readonly EndedJob[] {
  let to = from;
  while (to < from + ADDED_AT_ONCE && ended.has(to)) to++;
  return missing.slice(from, to).map((job, i) => ({ ...job, aside: ended.get(from + i) }));
}

async function resultOf({ key, job, aside }: EndedJob, folder: JobFolder): Promise<JobResult> {
  const result = aside === undefined ? await folder.readResult(key) : { drafts: [] };
  if (result !== undefined) return result;
  throw new NetSpaceError('NOT_FOUND', `zoo build: expected the result of ${job.title} in ${folder.place}, got none; build again`);
}

/** A job of which the zoo lacks some networks. */
interface MissingJob {
  readonly job: ZooJob;
  readonly index: number;
  readonly key: string;
  readonly wanted: readonly string[];
}

interface EndedJob extends MissingJob {
  /** Why it is set aside, if it is. */
  readonly aside: SetAside | undefined;
}

function missingOf(job: ZooJob, { present, ...place }: { present: ReadonlySet<string>; index: number; key: string }): MissingJob[] {
  const wanted = job.names.filter((name) => !present.has(name));
  return wanted.length === 0 ? [] : [{ job, wanted, ...place }];
}

interface Tries {
  readonly folder: JobFolder;
  /** Keys of the results that an earlier build has left. */
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

function someSetAside(jobs: readonly SetAside[], zoo: string): NetSpaceError {
  const code = jobs.every(({ error }) => error.code === 'DIVERGED') ? 'DIVERGED' : 'UNAVAILABLE';
  const said = jobs
    .slice(0, 10)
    .map(({ title, tries, error }) => `${title} (${tries === 1 ? '' : `tried ${tries} times; `}${error.message})`);
  const more = jobs.length > 10 ? ` and ${jobs.length - 10} more` : '';
  const what = jobs.length === 1 ? 'one job is' : `${jobs.length} jobs are`;
  return new NetSpaceError(
    code,
    `zoo build: ${what} set aside and all other networks are in the store: ${said.join('; ')}${more}; netspace zoo retry ${zoo} puts ${jobs.length === 1 ? 'it' : 'them'} back`,
  );
}
