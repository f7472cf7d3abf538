import * as tf from '@tensorflow/tfjs-core';

import type { RuntimeCandidate } from './runtime.js';
import { processor, startBackend } from './start-backend.js';
import { withoutNewListeners } from './process/without-new-listeners.js';
import { enableRelaxedSimd } from './wasm-threads/enable-relaxed-simd.js';
import { enableWasmThreads } from './wasm-threads/enable-wasm-threads.js';

/** The largest heap of `tfjs-backend-wasm` 4.22: the maximum that its memory section declares. */
const MAX_HEAP_BYTES = 2 ** 32;

/** WebAssembly: needs no installation and trains with the kernels of `@netspace/kernels/wasm`. */
export const wasm: RuntimeCandidate = {
  name: 'wasm',
  start: async () => {
    enableRelaxedSimd();
    await import('@netspace/kernels/gradients');
    const { version_wasm: version } = await import('@tensorflow/tfjs-backend-wasm');
    await import('@netspace/kernels/wasm');
    await withoutNewListeners(async () => {
      await startThreads();
      await startBackend('wasm');
    });
    const { device, memoryBytes } = processor();
    return { usable: true, facts: { backend: 'wasm', version, device, threads, memoryBytes: Math.min(MAX_HEAP_BYTES, memoryBytes) } };
  },
};

let threads = 1;

/**
 * The threaded build, if it starts. A backend that is already started is kept, because of its tensors. `NETSPACE_THREADS=1` selects tfjs's
 * own build, which is right if several processes share the cores.
 */
async function startThreads(): Promise<void> {
  const wanted = process.env['NETSPACE_THREADS'];
  if ('wasm' in tf.engine().registry || wanted === '1') return;
  try {
    ({ threads } = await enableWasmThreads(wanted === undefined ? {} : { threads: Number(wanted) }));
  } catch {
    threads = 1; // tfjs's own build starts on nearly every machine
  }
}
