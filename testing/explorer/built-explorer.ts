import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'vite';

import { madeOnce, sharedFolder } from '../made-once.js';

/**
 * Builds the explorer from the packages' sources into a folder: the whole page, or the engine alone, which takes half the time. `npm test` builds the
 * whole page, which has the engine, once for all test files.
 *
 * @param mode as `packages/explorer/vite.config.ts` knows it
 */
export async function buildExplorer(mode: 'test' | 'engine', outDir: string): Promise<void> {
  const configFile = fileURLToPath(new URL('../../packages/explorer/vite.config.ts', import.meta.url));
  const make = async (folder: string, what: typeof mode): Promise<void> => {
    await build({ configFile, mode: what, logLevel: 'error', build: { outDir: folder } });
  };
  const shared = sharedFolder();
  if (shared === undefined) return make(outDir, mode);
  const made = join(shared, 'explorer');
  await madeOnce(made, (folder) => make(folder, 'test'));
  await cp(made, outDir, { recursive: true });
}
