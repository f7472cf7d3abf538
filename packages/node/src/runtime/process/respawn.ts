import { constants } from 'node:os';

import { recommendedEnvironment } from './recommended-environment.js';
import { followParent, forwardSignals, spawnTied } from './tied-child.js';

const MARK = 'NETSPACE_RESPAWNED';

/**
 * Starts this process again with {@link recommendedEnvironment}, because glibc reads its memory settings only at its start. Call it in a
 * program's first lines. It returns if the variables are already set. Otherwise it does not return: the process ends as the new one does,
 * with its exit status, or with 128 + the number of the signal that ended it.
 *
 * SIGINT, SIGTERM and SIGHUP sent to this process alone reach the new one too. What a terminal sends to both arrives once. The new process
 * gets a SIGTERM when this one vanishes.
 *
 * @param env further variables of the new process, such as `NETSPACE_RUNTIME`
 * @example
 * ```ts no-run
 * import { respawnForSpeed } from '@netspace/node';
 *
 * respawnForSpeed(); // first line of a program that trains on `tensorflow`
 * ```
 */
export async function respawnForSpeed(env: Readonly<Record<string, string>> = {}): Promise<void> {
  followParent(); // of the process that respawned, or of makeParts
  const missing = recommendedEnvironment();
  if (Object.keys(missing).length === 0 || process.env[MARK] !== undefined) return;
  const child = spawnTied({ args: [...process.execArgv, ...process.argv.slice(1)], env: { ...missing, ...env, [MARK]: '1' } });
  forwardSignals(child);
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (status, signal) => resolve(status ?? 128 + constants.signals[signal!]));
  });
  process.exit(code);
}
