import { fileURLToPath } from 'node:url';

import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Packages whose branches the tests have to cover, in percent: README.md says so too.
import leastBranches from './scripts/least-branches.json' with { type: 'json' };
// What keeps every runtime to one thread.
import oneThread from './scripts/one-thread.json' with { type: 'json' };

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const PACKAGES = [
  ...['prep', 'formats', 'onnx', 'zoo', 'shapes', 'losses', 'model', 'train', 'explore', 'report', 'explorer', 'kernels', 'queue', 'node'],
];

/** Tests of Node's package, and of what stands beside the packages, share processes of their own: they register its runtimes. */
const OF_NODE = [
  'packages/node/src/**/*.test.ts',
  ...['golden/src', 'testing', 'bench', 'experiments'].map((path) => `${path}/**/*.test.ts`),
];

/** Tests that look at what a process has registered, or change it: each file has a process of its own. */
const ALONE = [
  'packages/node/src/runtime/{select-runtime,doctor/*,process/{respawn,without}*,provision/install,tensorflow/t*,wasm-threads/*}.test.ts',
  'packages/node/src/{files/file-handler,jobs/{build-by,queued}-jobs,cli/zoo-build-jobs}.test.ts',
  '{golden/src/{cli,run-golden},testing/{from-pytorch,machine/*},experiments/{smoke,pretrained/cards}}.test.ts',
  'packages/explorer/src/worker/engine{,-files,-runtimes}.test.ts',
  'packages/kernels/src/wasm/registration.test.ts',
  'packages/model/src/files/save-load.test.ts',
  'packages/zoo/src/initialize-without-backend.test.ts',
  'packages/shapes/src/surface/load-manifold.test.ts',
  'packages/train/src/train-in-browser.test.ts', // compares bits, which relaxed SIMD changes
  'packages/zoo/src/layers-model/**/*.test.ts', // the layers of TensorFlow.js count their names from the start
];

/** Files that take from twenty seconds to two minutes: begun first, so that none is left over for one core at the end. */
const LONG =
  /(jobs|on-queue|smoke|from-pytorch|run-golden|webgpu|install|cli|cli-zoo|cli-train|machine|engine|engine-files|engine-runtimes|page|page-map|page-own|page-access|page-pictures)\.test\.ts$/;

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(({ moduleId }) => LONG.test(moduleId)), ...sorted.filter(({ moduleId }) => !LONG.test(moduleId))];
  }
}

// Tests read the sources, so that they need no build; the examples and `scripts/` read the built packages.
const entries = {
  '@netspace/kernels/wasm': 'packages/kernels/src/wasm/index.ts',
  '@netspace/kernels/tensorflow': 'packages/kernels/src/tensorflow/index.ts',
  '@netspace/kernels/gradients': 'packages/kernels/src/gradients/index.ts',
  '@netspace/kernels/webgpu': 'packages/kernels/src/webgpu/index.ts',
  '@netspace/report/pictures': 'packages/report/src/pictures.ts',
  '@netspace/testing': 'testing/index.ts',
  '@netspace/testing/hub-server': 'testing/hub-server.ts',
  '@netspace/testing/onnx-fixtures': 'testing/onnx-fixtures.ts',
  '@netspace/testing/onnx-node-tests': 'testing/onnx-node-tests.ts',
  '@netspace/testing/option-refusals': 'testing/option-refusals.ts',
  '@netspace/testing/redis-server': 'testing/redis-server.ts',
  '@netspace/testing/s3-server': 'testing/s3-server.ts',
  '@netspace/testing/command-process': 'testing/command-process.ts',
  '@netspace/testing/chromium': 'testing/chromium.ts',
  '@netspace/testing/python': 'testing/python.ts',
  '@netspace/testing/program-of': 'testing/program-of.ts',
  '@netspace/testing/explorer/built-explorer': 'testing/explorer/built-explorer.ts',
  '@netspace/testing/explorer/driven-engine': 'testing/explorer/driven-engine.ts',
  '@netspace/testing/explorer/engine-stage': 'testing/explorer/engine-stage.ts',
  '@netspace/testing/explorer/crowd': 'testing/explorer/crowd.ts',
  '@netspace/testing/explorer/folder': 'testing/explorer/folder.ts',
  '@netspace/testing/explorer/monkey': 'testing/explorer/monkey.ts',
  '@netspace/testing/explorer/page': 'testing/explorer/page.ts',
  '@netspace/testing/explorer/explore-server': 'testing/explorer/explore-server.ts',
  '@netspace/testing/explorer/views': 'testing/explorer/views.ts',
  '@netspace/testing/picture-difference': 'testing/picture-difference.ts',
  '@netspace/testing/explorer/fingers': 'testing/explorer/fingers.ts',
  '@netspace/testing/explorer/stage': 'testing/explorer/stage.ts',
  '@netspace/testing/explorer/session': 'testing/explorer/session.ts',
  '@netspace/testing/explorer/shapes': 'testing/explorer/shapes.ts',
  '@netspace/testing/small-training': 'testing/small-training.ts',
  ...Object.fromEntries(PACKAGES.map((name) => [`@netspace/${name}`, `packages/${name}/src/index.ts`])),
  ...Object.fromEntries(PACKAGES.map((name) => [`@netspace/${name}/internal`, `packages/${name}/src/internal.ts`])),
};

export default defineConfig({
  resolve: {
    alias: Object.entries(entries).map(([find, path]) => ({ find: new RegExp(`^${find}$`), replacement: here(path) })),
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'shared',
          isolate: false, // loading TensorFlow.js anew for each file took a fifth of the whole time
          include: ['packages/*/src/**/*.test.ts'],
          exclude: [...OF_NODE, ...ALONE],
          // What must compile, and what must not: the types that users meet, checked by the compiler and counted as tests.
          // The native compiler takes a quarter of the processor's time.
          typecheck: {
            enabled: true,
            checker: here('node_modules/typescript-7/bin/tsc'),
            include: ['packages/*/src/**/*.test-d.ts'],
            tsconfig: 'tsconfig.type-tests.json',
          },
        },
      },
      { extends: true, test: { name: 'node', isolate: false, include: OF_NODE, exclude: [...configDefaults.exclude, ...ALONE] } },
      { extends: true, test: { name: 'alone', include: ALONE } },
    ],
    pool: 'forks',
    maxWorkers: 2, // `npm test` runs its other checks beside them (scripts/test.mjs)
    sequence: { sequencer: LongFirst },
    // A test that takes longer on a busy machine says so itself, with a limit of its own.
    testTimeout: 900_000,
    env: {
      npm_command: 'test', // not exec, as under npx, which the command would tell its users to type too
      // Several files run at once: threads of each would spin on cores that the others need. Tests of threads ask for theirs.
      ...oneThread,
    },
    hookTimeout: 1_200_000,
    coverage: {
      provider: 'v8',
      include: Object.keys(leastBranches).map((name) => `packages/${name}/src/**/*.ts`),
      exclude: ['**/testing/**', '**/*.test-d.ts'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: Object.fromEntries(Object.entries(leastBranches).map(([name, branches]) => [`packages/${name}/src/**`, { branches }])),
    },
  },
});
