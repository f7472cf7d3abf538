import * as tf from '@tensorflow/tfjs-core';

import type { RuntimeCandidate } from './runtime.js';
import { processor, startBackend } from './start-backend.js';

/** What the heap of `tfjs-backend-wasm` 4.22 may grow to: the maximum that its memory section declares. */
const MAX_HEAP_BYTES = 2 ** 31;

/** WebAssembly on one core: needs no installation and trains with the kernels of `@netspace/kernels/wasm`. */
export const wasm: RuntimeCandidate = {
  name: 'wasm',
  start: async () => {
    await import('@tensorflow/tfjs');
    const { version_wasm: version, getThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
    await import('@netspace/kernels/wasm');
    await startBackend('wasm');
    const { device, memoryBytes } = processor();
    const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
    return {
      usable: true,
      facts: {
        backend: 'wasm',
        version,
        device: `${device}${simd === true ? ' (SIMD)' : ''}`,
        threads: tf.env().getBool('WASM_HAS_MULTITHREAD_SUPPORT') ? getThreadsCount() : 1, // tfjs uses no threads in Node
        memoryBytes: Math.min(MAX_HEAP_BYTES, memoryBytes),
      },
    };
  },
};
