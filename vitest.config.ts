import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const PACKAGES = ['prep', 'formats', 'zoo', 'shapes', 'losses', 'model', 'train', 'explore', 'report', 'kernels', 'node'];

/** Packages whose branches the tests have to cover, in percent: README.md says so too. */
const LEAST_BRANCHES = { prep: 84, formats: 84, losses: 90, model: 90 };

// Tests read the sources, so that they need no build; the examples and `scripts/` read the built packages.
const entries = {
  '@netspace/kernels/wasm': 'packages/kernels/src/wasm/index.ts',
  '@netspace/kernels/tensorflow': 'packages/kernels/src/tensorflow/index.ts',
  '@netspace/kernels/webgpu': 'packages/kernels/src/webgpu/index.ts',
  '@netspace/report/pictures': 'packages/report/src/pictures.ts',
  '@netspace/testing': 'testing/index.ts',
  '@netspace/testing/refuses-misspelt': 'testing/refuses-misspelt.ts',
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
    // What must compile, and what must not: the types that users meet, checked by the compiler and counted as tests.
    typecheck: { enabled: true, include: ['packages/*/src/**/*.test-d.ts'], tsconfig: 'tsconfig.type-tests.json' },
    pool: 'forks',
    maxWorkers: 2,
    // A test that takes longer on a busy machine says so itself, with a limit of its own.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    coverage: {
      provider: 'v8',
      include: Object.keys(LEAST_BRANCHES).map((name) => `packages/${name}/src/**/*.ts`),
      exclude: ['**/testing/**', '**/*.test-d.ts'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: Object.fromEntries(Object.entries(LEAST_BRANCHES).map(([name, branches]) => [`packages/${name}/src/**`, { branches }])),
    },
  },
});
