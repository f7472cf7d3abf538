import { disposeInstances, NetSpaceError, type StepProgress } from '@netspace/prep';
import type { InstanceRecord, InstanceStore } from '@netspace/zoo';

import { addOnce } from './add-once.js';
import { leftOut } from '../instances/left-out.js';
import { namesThere } from './names-there.js';
import type { ZooPlan } from './zoo-job.js';

/** Progress of the current training run, or of those at once, and of the zoo. */
export interface ZooProgress extends StepProgress {
  /** Instances in the store, of `total` that the recipe names. */
  readonly done: number;
  readonly total: number;
  readonly architecture: string;
  /** Of the first network. */
  readonly seed: number;
  /** Names the run, or the first and how many more are trained at once. */
  readonly title: string;
  /** Networks that were missing when the run began, and those of them that it has given. */
  readonly missing: number;
  readonly given: number;
}

/** An instance that has been added. */
export interface ZooAddition {
  readonly done: number;
  readonly total: number;
  readonly record: InstanceRecord;
}

interface AddJobsOptions {
  readonly store: InstanceStore;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: ((progress: ZooProgress) => void) | undefined;
}

/**
 * Runs the jobs of a plan one after the other and adds to a store what it lacks.
 *
 * @throws NetSpaceError as the jobs; `DIVERGED` at the end, naming each that diverged
 */
export async function* addJobs(caller: string, plan: ZooPlan, options: AddJobsOptions): AsyncGenerator<ZooAddition, void> {
  const { store, signal, onStep: tell } = options;
  const names = plan.jobs.flatMap((job) => job.names);
  const total = names.length;
  const { present, look } = await namesThere(store, names);
  plan.check(plan.jobs.filter((job) => job.names.some((name) => !present.has(name))));
  const failures = leftOut(caller);
  for (const job of plan.jobs) {
    await look(); // another builder may have added some
    const before = present.size;
    let done = before;
    const wanted = new Set(job.names.filter((name) => !present.has(name)));
    if (wanted.size === 0) continue;
    const { architecture, seed, title } = job;
    const onStep = (progress: StepProgress) =>
      tell?.({ done, total, architecture, seed, title, missing: wanted.size, given: done - before, ...progress });
    try {
      for await (const entry of job.run({ wanted, signal, onStep })) {
        try {
          const record = await addOnce(store, entry);
          present.add(entry.name);
          done++;
          if (record !== undefined) yield { done, total, record };
        } finally {
          disposeInstances([entry.instance]);
        }
      }
    } catch (error) {
      failures.add(job.title, error);
    }
    if (signal?.aborted)
      throw new NetSpaceError('ABORTED', `${caller}: stopped by its signal with ${done} of ${total} instances in the store`);
  }
  failures.throwIfAny();
}
