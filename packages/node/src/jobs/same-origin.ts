import { NetSpaceError } from '@netspace/prep';

import type { JobOrigin } from './job-key.js';

/**
 * Refuses to work for a build of another version or runtime, whose networks would have other bits.
 *
 * @throws NetSpaceError `UNSUPPORTED`, naming both
 */
export function assertSameOrigin(ofWorker: JobOrigin, ofBuild: JobOrigin): void {
  const [own, build] = [ofWorker, ofBuild].map((origin): JobOrigin => ({ precision: 'float32', ...origin })) as [JobOrigin, JobOrigin];
  const other = Object.keys({ ...own, ...build }).find((key) => own[key] !== build[key]);
  if (other === undefined) return;
  const remedy = other === 'precision' ? 'leave --precision out' : 'install the same version and runtime on all machines';
  throw new NetSpaceError('UNSUPPORTED', `worker: expected ${other} ${build[other]}, as the build has it, got ${own[other]}; ${remedy}`);
}
