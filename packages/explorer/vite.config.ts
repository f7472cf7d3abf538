import { fileURLToPath } from 'node:url';

import { defineConfig, type Plugin } from 'vite';

import { keepList } from './keep-list.js';
import { thirdPartyLicenses } from './third-party-licenses.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// The page: `dist/page/netspace-explorer.js`, which registers the element, `index.html`, and what they load when it is used. It is built from
// the packages' sources, of which only those files are taken that a part needs. Modes `test` and `engine`, the engine alone, are for tests.
const PACKAGES = ['prep', 'formats', 'onnx', 'zoo', 'shapes', 'losses', 'model', 'explore', 'report', 'kernels'];
const ENTRIES: Readonly<Record<string, string>> = {
  '@netspace/kernels/wasm': 'kernels/src/wasm/index.ts',
  '@netspace/kernels/webgpu': 'kernels/src/webgpu/index.ts',
  '@netspace/report/pictures': 'report/src/pictures.ts',
  ...Object.fromEntries(PACKAGES.map((name) => [`@netspace/${name}/internal`, `${name}/src/internal.ts`])),
  ...Object.fromEntries(PACKAGES.map((name) => [`@netspace/${name}`, `${name}/src/index.ts`])),
};
const sources = Object.entries(ENTRIES).map(([find, path]) => ({ find: new RegExp(`^${find}$`), replacement: here(`../${path}`) }));

const output = { entryFileNames: '[name].js', chunkFileNames: 'assets/[name]-[hash].js', assetFileNames: 'assets/[name]-[hash][extname]' };
const worker = { ...output, entryFileNames: 'assets/[name]-[hash].js' };

/** TensorFlow.js's glue for threads, which this page never starts: they would need headers of the server. */
const withoutThreads = (): Plugin => ({
  name: 'without-threads',
  load: (id) =>
    /tfjs-backend-wasm-threaded-simd(\.worker)?\.js$/.test(id) ? 'export default undefined; export const wasmWorkerContents = "";' : null,
});

/** What makes solids, which this page never does: Vite would ship its WebAssembly although no code is left that loads it. */
const withoutSolids = (): Plugin => ({
  name: 'without-solids',
  load: (id) => (/node_modules\/manifold-3d\//.test(id) ? 'export default undefined;' : null),
});

/** Modules that do nothing but define: a part takes them if it uses them. The page itself uses no tensor. */
const DEFINE_ONLY = /node_modules\/(fast-png|iobuffer|valibot|fflate)\//;
const TENSORS = /node_modules\/@tensorflow\//;

const engine = { engine: here('src/client/page-engine.ts') };
const page = {
  ...{ 'netspace-explorer': here('src/element/define.ts'), index: here('index.html'), ...engine },
  'service-worker': here('src/offline/service-worker.ts'),
};
const licenses = thirdPartyLicenses();
const isTest = (mode: string) => mode === 'test' || mode === 'engine';

export default defineConfig(({ mode }) => ({
  root: here('.'),
  base: './',
  plugins: [licenses.page, keepList()],
  resolve: { alias: sources },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: {
    format: 'es',
    plugins: () => [withoutThreads(), withoutSolids(), licenses.worker()],
    rolldownOptions: { output: worker, treeshake: { moduleSideEffects: (id: string) => !DEFINE_ONLY.test(id) } },
  },
  build: {
    outDir: 'dist/page',
    emptyOutDir: true,
    target: 'es2022',
    minify: !isTest(mode),
    reportCompressedSize: false,
    assetsInlineLimit: 0, // the content policy of a page may allow no data: addresses
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      input: mode === 'engine' ? engine : page,
      output,
      preserveEntrySignatures: 'exports-only',
      treeshake: { moduleSideEffects: (id: string) => !TENSORS.test(id) && !DEFINE_ONLY.test(id) },
    },
  },
}));
