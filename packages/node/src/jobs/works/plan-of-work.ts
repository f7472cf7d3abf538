import { architecturesIn } from '../../architectures/architectures-in.js';
import type { Job } from '../job.js';
import { planOfSource } from '../zoo-source.js';
import { encodeJobs } from './encode-jobs.js';
import { evaluationOf } from './evaluate-jobs.js';
import type { WorkSource } from './work-source.js';

/** Where things are on this machine. */
export interface WorkPlace {
  readonly zoo: string;
  /** In place of the source's. */
  readonly data?: string | undefined;
  /** In place of the source's. */
  readonly space?: string | undefined;
}

/**
 * The jobs of a work, in the order of their results. Every machine plans the same, as their keys show.
 *
 * @throws NetSpaceError as the loaders of data, zoos and spaces
 */
export async function planOfWork(source: WorkSource, { zoo, data, space }: WorkPlace): Promise<readonly Job[]> {
  if (!('kind' in source)) return (await planOfSource({ ...source, ...(data && { data }) }, await architecturesIn(zoo))).jobs;
  if (source.kind === 'evaluate') return (await evaluationOf(zoo, { ...source, ...(data && { data }) })).jobs;
  return encodeJobs(zoo, { ...source, ...(space && { space }) });
}
