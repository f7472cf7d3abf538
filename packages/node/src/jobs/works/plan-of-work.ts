import { architecturesIn } from '../../architectures/architectures-in.js';
import type { SelectedRuntime } from '../../runtime/select-runtime.js';
import type { Job } from '../job.js';
import { planOfSource } from '../zoo-source.js';
import type { WorkSource } from './work-source.js';

/** Where things are on this machine. */
export interface WorkPlace {
  /** Folder of the zoo, or of the sweep. */
  readonly zoo: string;
  readonly runtime: SelectedRuntime;
  /** In place of the source's. */
  readonly data?: string | undefined;
  /** In place of the source's. */
  readonly space?: string | undefined;
}

/**
 * The jobs of a work, in the order of their results. Every machine plans the same, as their keys show. What one kind of work needs is loaded for that kind alone:
 * a process that trains networks starts sooner without the rest.
 *
 * @throws NetSpaceError as the loaders of data, zoos and spaces
 */
export async function planOfWork(given: WorkSource, { zoo, runtime, data, space }: WorkPlace): Promise<readonly Job[]> {
  const here = { ...(data !== undefined && { data }) };
  if (!('kind' in given)) return (await planOfSource({ ...given, ...here }, await architecturesIn(zoo))).jobs;
  if (given.kind === 'evaluate') return (await (await import('./evaluate-jobs.js')).evaluationOf(zoo, { ...given, ...here })).jobs;
  if (given.kind === 'encode') {
    return (await import('./encode-jobs.js')).encodeJobs(zoo, { ...given, ...(space !== undefined && { space }) });
  }
  if (given.kind === 'align') return (await (await import('./align-jobs.js')).alignmentPlan({ ...given, ...here })).jobs;
  return (await import('./sweep-jobs.js')).sweepJobs(zoo, given, { runtime, ...here });
}
