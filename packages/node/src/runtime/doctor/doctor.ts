import { NetSpaceError } from '@netspace/prep';
import { abortSignal, type GivenBy, objectOf, optional, parseOptions } from '@netspace/prep/internal';

import { probeRuntime } from './probe.js';
import { RUNTIME_NAMES, type RuntimeReport } from '../runtime.js';

/** See {@link DoctorOptions}. */
export const doctorOptions = objectOf({
  /** Stops the process that tries a runtime, and tries no further runtimes. */
  signal: optional(abortSignal),
});

/** Options of {@link doctor}. */
export interface DoctorOptions extends GivenBy<typeof doctorOptions> {}

/**
 * Tries every runtime and measures those that work, one after the other (about two seconds each), fastest kind first.
 *
 * @returns one line per runtime; if a runtime is not usable, the line has the reason and the command that would change it
 * @throws NetSpaceError `ABORTED` when the signal stopped it, `INVALID_OPTION` for options that are unknown or wrong
 * @example
 * ```ts no-run
 * import { doctor } from '@netspace/node';
 *
 * for (const { name, usable, gflopsForward } of await doctor()) console.log(name, usable, gflopsForward);
 * ```
 */
export async function doctor(options: DoctorOptions = {}): Promise<RuntimeReport[]> {
  const { signal } = parseOptions('doctor', doctorOptions, options);
  const reports: RuntimeReport[] = [];
  // One after the other, because together they would slow each other.
  for (const name of RUNTIME_NAMES) {
    if (signal?.aborted) break;
    reports.push(await probeRuntime(name, { signal }));
  }
  if (signal?.aborted)
    throw new NetSpaceError('ABORTED', `doctor: stopped by its signal before all ${RUNTIME_NAMES.length} runtimes were tried`);
  return reports;
}
