import { NetSpaceError } from '@netspace/prep';
import type { ManifoldToplevel } from 'manifold-3d';

const loaded = new Map<string | undefined, Promise<ManifoldToplevel>>();

/** Starts manifold's WebAssembly module at its first use; later calls share it. */
export async function loadManifold(wasmUrl?: string): Promise<ManifoldToplevel> {
  let module = loaded.get(wasmUrl);
  if (module === undefined) {
    module = start(wasmUrl);
    loaded.set(wasmUrl, module);
  }
  try {
    return await module;
  } catch (cause) {
    loaded.delete(wasmUrl); // the next call tries again
    throw new NetSpaceError(
      'UNAVAILABLE',
      `loadManifold: expected manifold.wasm at ${wasmUrl ?? 'its place in the package manifold-3d'}, got an error; serve that file and pass its address as \`wasmUrl\``,
      { cause },
    );
  }
}

async function start(wasmUrl: string | undefined): Promise<ManifoldToplevel> {
  const { default: Manifold } = await import('manifold-3d');
  const module = await Manifold(wasmUrl === undefined ? undefined : { locateFile: () => wasmUrl });
  module.setup();
  return module;
}
