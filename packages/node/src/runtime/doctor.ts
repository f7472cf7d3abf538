import { probeRuntime } from './probe.js';
import { RUNTIME_NAMES, type RuntimeReport } from './runtime.js';

/**
 * Tries every runtime and measures those that work, one after the other (about two seconds each), fastest kind first.
 *
 * @returns one line per runtime; where one is not usable, the reason and the command that would change it
 * @example
 * ```ts no-run
 * import { doctor } from '@netspace/node';
 *
 * for (const { name, usable, gflopsForward } of await doctor()) console.log(name, usable, gflopsForward);
 * ```
 */
export async function doctor(): Promise<RuntimeReport[]> {
  const reports: RuntimeReport[] = [];
  for (const name of RUNTIME_NAMES) reports.push(await probeRuntime(name)); // in turn: together they would slow each other
  return reports;
}
