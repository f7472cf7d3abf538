import { NetSpaceError } from '@netspace/prep';
import { namesThere, type ZooPlan } from '@netspace/train/internal';
import type { ZooAddition } from '@netspace/train';
import type { InstanceStore } from '@netspace/zoo';
import { openCatalog } from '@netspace/zoo/internal';

import type { Called } from '../cli/called.js';
import { commandLine } from '../cli/training/way-on.js';
import { filesAt } from '../files/files-at.js';
import { endedJobs, type JobRunner, missingJobs, someSetAside, type WorkFacts } from './ended-jobs.js';
import { jobFolder, type SetAside } from './folder/job-folder.js';

interface BuildByJobsOptions extends Called {
  /**
   * The command, for messages.
   * @default 'zoo build'
   */
  readonly call?: string;
  readonly store: InstanceStore;
  /** The zoo's folder, which the store keeps. */
  readonly zoo: string;
  /** Names of the plan's jobs; see `jobKeys`. */
  readonly keys: readonly string[];
  /** Jobs at once. */
  readonly concurrency: number;
  /** Called before the first job. */
  start(facts: WorkFacts): Promise<JobRunner>;
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
  const { call = 'zoo build', netspace = 'netspace', store, zoo, keys, concurrency, signal } = options;
  const folder = jobFolder(zoo);
  const names = plan.jobs.flatMap((job) => job.names);
  const total = names.length;
  const { present, look } = await namesThere(store, names);
  const missing = missingJobs(plan.jobs, keys, present);
  plan.check(missing.map(({ job }) => job));
  const left: SetAside[] = [];
  const catalog = openCatalog(filesAt(zoo), 'shards');
  const jobs = endedJobs(missing, {
    ...{ folder, concurrency, signal, aside: await folder.listSetAside() },
    start: (stopped) => options.start({ present: present.size, total, done: () => present.size, signal: stopped }),
    aborted: () => new NetSpaceError('ABORTED', `${call}: stopped by its signal with ${present.size} of ${total} instances in the store`),
  });
  for await (const ended of jobs) {
    await look(); // another builder may have added some
    const drafts = ended.flatMap(({ result }) => result.drafts).filter(({ record }) => !present.has(record.name));
    for (const record of await catalog.add(drafts)) {
      present.add(record.name);
      yield { done: present.size, total, record };
    }
    for (const { key, failed } of ended) {
      if (failed !== undefined) {
        await folder.setAside(failed);
        left.push(failed);
      }
      await folder.removeResult(key);
    }
  }
  await folder.clear();
  if (left.length === 0) return;
  const wayOn = `${commandLine({ netspace }, ['zoo', 'retry', zoo])} puts ${left.length === 1 ? 'it' : 'them'} back`;
  throw someSetAside(call, left, { done: 'all other networks are in the store', wayOn });
}
