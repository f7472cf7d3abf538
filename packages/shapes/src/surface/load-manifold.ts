import { NetSpaceError } from '@netspace/prep';
import type { ManifoldToplevel } from 'manifold-3d';

let loaded: Promise<ManifoldToplevel> | undefined;

/**
 * Loads manifold and starts its WebAssembly at the first call; later calls share it. In the built package it is one file that Node, browsers
 * and bundlers take as it is (`tsup.config.ts`).
 *
 * @throws NetSpaceError `UNAVAILABLE` if it does not start; the next call tries again
 */
export async function loadManifold(start: () => Promise<ManifoldToplevel> = startManifold): Promise<ManifoldToplevel> {
  loaded ??= start();
  try {
    return await loaded;
  } catch (cause) {
    loaded = undefined;
    throw new NetSpaceError(
      'UNAVAILABLE',
      `loadManifold: expected manifold's WebAssembly to start, got "${String(cause)}"; a page's content policy must allow 'wasm-unsafe-eval'`,
      { cause },
    );
  }
}

async function startManifold(): Promise<ManifoldToplevel> {
  const { default: Manifold } = await import('manifold-3d');
  const module = await Manifold();
  module.setup();
  return module;
}
