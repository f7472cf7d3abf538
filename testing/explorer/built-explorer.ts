import { fileURLToPath } from 'node:url';

import { build } from 'vite';

/**
 * Builds the explorer from the packages' sources into a folder: the whole page, or the engine alone, which takes half the time.
 *
 * @param mode as `packages/explorer/vite.config.ts` knows it
 */
export async function buildExplorer(mode: 'test' | 'engine', outDir: string): Promise<void> {
  const configFile = fileURLToPath(new URL('../../packages/explorer/vite.config.ts', import.meta.url));
  await build({ configFile, mode, logLevel: 'error', build: { outDir } });
}
