import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

import { startGemmEngine, teamWorkerSource, type TeamMember } from '@netspace/kernels/internal';
import { NetSpaceError } from '@netspace/prep';
import { type GivenBy, numberOf, objectOf, optional, parseOptions } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { enableRelaxedSimd } from './enable-relaxed-simd.js';
import { startThreadedModule } from './threaded-module.js';

/** The most threads that tfjs-backend-wasm's threaded build makes. */
const MAX_THREADS = 8;

/** See {@link EnableWasmThreadsOptions}. */
export const enableWasmThreadsOptions = objectOf({
  /**
   * The number of threads that compute, with this one: 1 to 8.
   * @default as many as the process may use, at most 8
   */
  threads: optional(
    numberOf(`a number of threads from 1 to ${MAX_THREADS}`, (value) => Number.isInteger(value) && value >= 1 && value <= MAX_THREADS),
  ),
});

/** Options of {@link enableWasmThreads}. */
export interface EnableWasmThreadsOptions extends GivenBy<typeof enableWasmThreadsOptions> {}

/**
 * Replaces the `wasm` backend by its threaded build, and gives the products of `@netspace/kernels/wasm` threads of their own.
 *
 * tfjs refuses threads in Node; the build itself runs there. Call it before `tf.setBackend('wasm')`: a backend that has been started is
 * disposed of together with its tensors. The threads do not keep the process alive.
 *
 * @returns how many threads compute
 * @throws NetSpaceError `INVALID_OPTION` if threads is not in 1 to 8, or for unknown options, `UNAVAILABLE` if the threaded build does not
 * start here
 * @see docs/decisions/wasm-threads.md
 * @example
 * ```ts no-run
 * import { enableWasmThreads, selectRuntime } from '@netspace/node';
 *
 * await enableWasmThreads();
 * await selectRuntime({ prefer: 'wasm' });
 * ```
 */
export async function enableWasmThreads(options: EnableWasmThreadsOptions = {}): Promise<{ readonly threads: number }> {
  const used = parseOptions('enableWasmThreads', enableWasmThreadsOptions, options);
  const { threads = Math.min(MAX_THREADS, availableParallelism()) } = used;
  enableRelaxedSimd();
  const { BackendWasm, setThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
  await import('@netspace/kernels/wasm'); // registers its kernels, so it is loaded only here
  setThreadsCount(threads);
  const backend = await startThreadedModule(threads).then(
    (module) => new BackendWasm(module),
    (cause: unknown) => {
      throw new NetSpaceError(
        'UNAVAILABLE',
        `enableWasmThreads: tfjs-backend-wasm's threaded build does not start (${String(cause)}); go on without threads`,
        { cause },
      );
    },
  );
  startGemmEngine(backend, { threads, startMember: memberStarter(teamWorkerSource) });
  tf.removeBackend('wasm'); // registered by the import above
  tf.registerBackend('wasm', () => backend, WASM_PRIORITY);
  return { threads };
}

/** The priority that tfjs-backend-wasm gives itself. */
const WASM_PRIORITY = 2;

/**
 * Loaded as a module by its address, because `eval` takes a script or a module depending on how the program was started (`node
 * --input-type=module -e …`).
 */
const memberStarter = (source: string) => (data: TeamMember) =>
  new Worker(new URL(`data:text/javascript,${encodeURIComponent(`import { workerData as data } from 'node:worker_threads';${source}`)}`), {
    workerData: data,
    execArgv: [], // plain JavaScript, because the options of the program (`--import tsx`) would be looked up in the present working directory
  }).unref();
