import { spawn } from 'node:child_process';
import { constants } from 'node:os';

import { recommendedEnvironment } from './recommended-environment.js';

const MARK = 'NETSPACE_RESPAWNED';

/**
 * Starts this process again with {@link recommendedEnvironment}, because glibc reads its memory settings only at its start. Call it in a
 * program's first lines. It returns if the variables are already set. Otherwise it does not return: the process ends as the new one does,
 * with its exit status, or with 128 + the number of the signal that ended it.
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
  const missing = recommendedEnvironment();
  if (Object.keys(missing).length === 0 || process.env[MARK] !== undefined) return;
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, ...missing, ...env, [MARK]: '1' },
  });
  process.on('SIGINT', () => undefined); // Ctrl-C reaches the child by itself, which may have work to save
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (status, signal) => resolve(status ?? 128 + constants.signals[signal!]));
  });
  process.exit(code);
}
