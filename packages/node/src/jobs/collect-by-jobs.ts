import { NetSpaceError } from '@netspace/prep';

import { endedJobs, type JobRunner, missingJobs, someSetAside, type WorkFacts } from './ended-jobs.js';
import type { Job } from './job.js';
import { jobFolder, type SetAside } from './folder/job-folder.js';
import { commandOfWork, type WorkKind } from './work-kind.js';

interface CollectByJobsOptions {
  readonly zoo: string;
  readonly kind: WorkKind;
  /** Names of the jobs; see `jobKeys`. */
  readonly keys: readonly string[];
  /** Names whose bytes are not wanted. */
  readonly present: ReadonlySet<string>;
  /** Jobs at once. */
  readonly concurrency: number;
  /** Called before the first job. */
  readonly start: (facts: WorkFacts) => Promise<JobRunner>;
  readonly signal: AbortSignal | undefined;
}

/** What jobs have given. */
export interface Collected {
  /** By name, in the order of the jobs. */
  readonly bytes: ReadonlyMap<string, Uint8Array>;
  /** Removes the results of the jobs: call it when the bytes are kept elsewhere. */
  readonly clear: () => Promise<void>;
}

/**
 * Runs jobs anywhere, several at once, and collects what they give. Results stay in the folder of jobs until the caller has kept them, so that a call that is
 * interrupted goes on where it was.
 *
 * @throws NetSpaceError `ABORTED` when the signal stopped it; `UNAVAILABLE` at the end, naming jobs that failed too often: the results of all others stay for the
 * next call; any that a job is refused with
 */
export async function collectByJobs(jobs: readonly Job[], options: CollectByJobsOptions): Promise<Collected> {
  const { zoo, kind, keys, present, concurrency, start, signal } = options;
  const call = commandOfWork(kind);
  const folder = jobFolder(zoo, kind);
  const missing = missingJobs(jobs, keys, present);
  const total = jobs.reduce((sum, { names }) => sum + names.length, 0);
  const there = total - missing.reduce((sum, { wanted }) => sum + wanted.length, 0);
  const bytes = new Map<string, Uint8Array>();
  const left: SetAside[] = [];
  if (missing.length > 0) await folder.writeSizes(Object.fromEntries(missing.map(({ key, wanted }) => [key, wanted.length])));
  const ended = endedJobs(missing, {
    ...{ folder, concurrency, signal, aside: [] },
    start: (stopped) => start({ present: there, total, done: () => there + bytes.size, signal: stopped }),
    aborted: () => new NetSpaceError('ABORTED', `${call}: stopped by its signal with ${there + bytes.size} of ${total} done`),
  });
  for await (const some of ended) {
    for (const { result, failed } of some) {
      for (const { record, bytes: given } of result.drafts) bytes.set(record.name, given);
      if (failed !== undefined) left.push(failed);
    }
  }
  if (left.length > 0) throw someSetAside(call, left, { done: 'all others are done and kept', wayOn: 'the same command tries again' });
  return { bytes, clear: () => folder.clear() };
}
