import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';

import type { TfjsNodeKind } from '../tensorflow/tfjs-node.js';
import { currentRuntime, nativeFolder } from './cache.js';

/**
 * Undoes every `installNativeRuntime`: removes the native runtimes from the user's cache folder. Running processes keep what
 * they have loaded.
 *
 * @returns whether there was anything
 * @example
 * ```ts no-run
 * import { removeNativeRuntime } from '@netspace/node';
 *
 * await removeNativeRuntime();
 * ```
 */
export async function removeNativeRuntime(): Promise<boolean> {
  const folder = nativeFolder();
  const existed = existsSync(folder);
  const kinds: readonly TfjsNodeKind[] = ['cpu', 'gpu'];
  for (const kind of kinds) await rm(currentRuntime(kind), { force: true }); // the links first, so that no process finds an incomplete runtime
  await rm(folder, { recursive: true, force: true });
  return existed;
}
