import { spawn } from 'node:child_process';

import { recommendedEnvironment, type SelectedRuntime } from '../runtime/index.js';

const MARK = 'NETSPACE_RESPAWNED';

/**
 * Starts this process anew, with the memory settings that native code is faster with: glibc reads them only at its start. Does nothing for
 * other runtimes, or where they are set. Does not return if it does.
 */
export async function respawnWithEnvironment({ name }: SelectedRuntime): Promise<void> {
  const missing = recommendedEnvironment();
  if (!name.startsWith('tensorflow') || Object.keys(missing).length === 0 || process.env[MARK] !== undefined) return;
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, ...missing, [MARK]: '1', NETSPACE_RUNTIME: name },
  });
  process.on('SIGTERM', () => child.kill('SIGTERM')); // Ctrl-C reaches the child by itself
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (status, signal) => resolve(status ?? (signal === 'SIGINT' ? 130 : 1)));
  });
  process.exit(code);
}
