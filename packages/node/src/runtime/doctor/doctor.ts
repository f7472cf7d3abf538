import { NetSpaceError } from '@netspace/prep';

import { probeRuntime } from './probe.js';
import { RUNTIME_NAMES, type RuntimeReport } from '../runtime.js';

export interface DoctorOptions {
  /** Ends the process that tries a runtime, and tries no more. */
  readonly signal?: AbortSignal;
}

/**
 * Tries every runtime and measures those that work, one after the other (about two seconds each), fastest kind first.
 *
 * @returns one line per runtime; where one is not usable, the reason and the command that would change it
 * @throws NetSpaceError `ABORTED` when the signal stopped it
 * @example
 * ```ts no-run
 * import { doctor } from '@netspace/node';
 *
 * for (const { name, usable, gflopsForward } of await doctor()) console.log(name, usable, gflopsForward);
 * ```
 */
export async function doctor({ signal }: DoctorOptions = {}): Promise<RuntimeReport[]> {
  const reports: RuntimeReport[] = [];
  // In turn: together they would slow each other.
  for (const name of RUNTIME_NAMES) {
    if (signal?.aborted) break;
    reports.push(await probeRuntime(name, { signal }));
  }
  if (signal?.aborted)
    throw new NetSpaceError('ABORTED', `doctor: stopped by its signal before all ${RUNTIME_NAMES.length} runtimes were tried`);
  return reports;
}
