import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const PACKAGES = ['prep', 'formats', 'zoo', 'shapes', 'losses', 'model', 'train', 'explore', 'report', 'kernels', 'node'];

// Tests read the sources, so that they need no build; the examples and `scripts/` read the built packages.
const entries = {
  '@netspace/kernels/wasm': 'packages/kernels/src/wasm/index.ts',
  '@netspace/kernels/tensorflow': 'packages/kernels/src/tensorflow/index.ts',
  '@netspace/kernels/webgpu': 'packages/kernels/src/webgpu/index.ts',
  '@netspace/report/pictures': 'packages/report/src/pictures.ts',
  '@netspace/testing': 'testing/index.ts',
  '@netspace/testing/chromium': 'testing/chromium.ts',
  '@netspace/testing/small-training': 'testing/small-training.ts',
  ...Object.fromEntries(PACKAGES.map((name) => [`@netspace/${name}`, `packages/${name}/src/index.ts`])),
  ...Object.fromEntries(PACKAGES.map((name) => [`@netspace/${name}/internal`, `packages/${name}/src/internal.ts`])),
};

export default defineConfig({
  resolve: {
    alias: Object.entries(entries).map(([find, path]) => ({ find: new RegExp(`^${find}$`), replacement: here(path) })),
  },
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'golden/src/**/*.test.ts',
      'testing/**/*.test.ts',
      'bench/**/*.test.ts',
      'experiments/**/*.test.ts',
    ],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
