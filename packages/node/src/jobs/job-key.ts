import { createHash } from 'node:crypto';

import { currentVersions } from '@netspace/train/internal';

import type { SelectedRuntime } from '../runtime/select-runtime.js';
import type { Job } from './job.js';

/** What a job's networks depend on besides its settings and its data. */
export type JobOrigin = Readonly<Record<string, string>>;

/**
 * Threads of a process that runs jobs: one, unless `NETSPACE_THREADS` says otherwise. On `tensorflow` the last bits of a network depend on their
 * number, which must therefore not depend on how many processes share a machine.
 */
export const jobThreads = (): number => Number(process.env['NETSPACE_THREADS']) || 1;

/** Threads of this process where it runs jobs itself. */
export const ownThreads = (): number | 'all' => Number(process.env['NETSPACE_THREADS']) || 'all';

/**
 * Versions and runtime of this process. Node is not among them, because no operation that we use depends on its version. The precision is
 * only among them if it is not float32.
 */
export function jobOrigin(
  runtime: Pick<SelectedRuntime, 'name' | 'version'> & Partial<Pick<SelectedRuntime, 'precision'>>,
  threads: number | 'all' = jobThreads(),
): JobOrigin {
  const { netspace, tfjs, platform } = currentVersions();
  const { name, version, precision = 'float32' } = runtime;
  return {
    ...{ netspace: netspace!, tfjs: tfjs!, platform: platform!, runtime: name, runtimeVersion: version, threads: String(threads) },
    ...(precision !== 'float32' && { precision }),
  };
}

/**
 * Names each job by what decides its result: 32 hexadecimal digits of a SHA-256. Two builders of one recipe give a job the same name, and a
 * result is never taken for that of another recipe, data set, version or runtime.
 */
export function jobKeys(jobs: readonly Pick<Job, 'settings' | 'data'>[], origin: JobOrigin): readonly string[] {
  const hashes = new Map<ArrayBufferView, string>(); // jobs share their data
  const hash = (view: ArrayBufferView): string => {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    const known = hashes.get(view) ?? createHash('sha256').update(bytes).digest('hex');
    hashes.set(view, known);
    return known;
  };
  return jobs.map(({ settings, data }) =>
    createHash('sha256')
      .update(JSON.stringify({ origin, settings, data: data.map(hash) }))
      .digest('hex')
      .slice(0, 32),
  );
}
