import { defineConfig, type Options } from 'tsup';

/** The build that every published package shares: ESM, types, source maps, nothing bundled from node_modules. */
export const library = (options: Options) =>
  defineConfig({
    format: ['esm'],
    target: 'es2022',
    platform: 'neutral',
    dts: true,
    sourcemap: true,
    clean: true,
    treeshake: true,
    splitting: true,
    ...options,
  });
