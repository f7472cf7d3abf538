import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';
import { Worker, type WorkerOptions } from 'node:worker_threads';

import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

type ThreadedModule = BackendWasm['wasm'];

/** The module that Emscripten's start function makes, before tfjs names its functions. */
type EmscriptenModule = ThreadedModule & { cwrap(name: string, result: 'number' | null, args: readonly 'number'[]): never };
type Factory = (config: { locateFile: (name: string) => string | URL; mainScriptUrlOrBlob: string }) => Promise<EmscriptenModule>;

const GLUE = 'tfjs-backend-wasm-threaded-simd.js';

/**
 * Starts the threaded build that tfjs-backend-wasm ships. Its own loader refuses this build in Node.
 *
 * The build's loader code runs unchanged, but gets two things in place of Node's: workers that do not keep the process alive, and a number
 * of processors from which it makes the wanted number of threads (it uses half of them).
 */
export async function startThreadedModule(threads: number): Promise<ThreadedModule> {
  const require = createRequire(import.meta.url);
  const folder = join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'wasm-out');
  const glue = join(folder, GLUE);
  const factory = loadGlue(glue, threads);
  const worker = workerUrl(glue, require(join(folder, GLUE.replace('.js', '.worker.js'))) as { wasmWorkerContents: string });
  const module = await factory({
    locateFile: (name) => (name.endsWith('.worker.js') ? worker : join(folder, name)),
    mainScriptUrlOrBlob: glue,
  });
  return nameFunctions(module);
}

/** A worker that lets the process end. The loader keeps its workers as long as they run. */
class BackgroundWorker extends Worker {
  constructor(filename: string | URL, options?: WorkerOptions) {
    super(filename, options);
    this.unref();
  }

  override ref(): void {
    // stays in the background
  }
}

function loadGlue(glue: string, threads: number): Factory {
  const require = createRequire(glue);
  const replaced: Readonly<Record<string, unknown>> = {
    os: { cpus: () => Array<undefined>(2 * threads).fill(undefined) },
    worker_threads: { Worker: BackgroundWorker },
  };
  const source = readFileSync(glue, 'utf8').replace('pthreadPoolSize=8', `pthreadPoolSize=${Math.max(1, threads - 1)}`);
  const module: { exports: unknown } = { exports: {} };
  // `global` is an object in which the loader leaves things. It looks for Worker among the global names.
  const run = compileFunction(source, ['require', 'module', 'exports', '__filename', '__dirname', 'global', 'Worker'], {
    filename: glue,
  }) as (...args: readonly unknown[]) => void;
  run(
    (name: string): unknown => replaced[name] ?? (require(name) as unknown),
    module,
    module.exports,
    glue,
    dirname(glue),
    {},
    BackgroundWorker,
  );
  return module.exports as Factory;
}

/** The build's worker script, which is kept as a string with its line ends unescaped, as a module that Node can start. */
function workerUrl(glue: string, { wasmWorkerContents }: { readonly wasmWorkerContents: string }): URL {
  const source = `
import { createRequire } from 'node:module';
const __filename = ${JSON.stringify(glue)};
const require = createRequire(__filename);
Object.assign(globalThis, { __filename, __dirname: ${JSON.stringify(dirname(glue))} });
${wasmWorkerContents.replaceAll('\n', '\\n')}`;
  return new URL(`data:text/javascript,${encodeURIComponent(source)}`);
}

/** The names that tfjs's own loader gives to the module's functions. */
function nameFunctions(module: EmscriptenModule): ThreadedModule {
  module.tfjs = {
    init: module.cwrap('init', null, []),
    initWithThreadsCount: module.cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: module.cwrap('get_threads_count', 'number', []),
    registerTensor: module.cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: module.cwrap('dispose_data', null, ['number']),
    dispose: module.cwrap('dispose', null, []),
  };
  return module;
}
