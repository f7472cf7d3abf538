import * as tf from '@tensorflow/tfjs-core';

import type { RuntimeCandidate } from './runtime.js';
import { processor, startBackend } from './start-backend.js';

/** Plain JavaScript: works everywhere, and is the reference that the others are compared with. */
export const cpu: RuntimeCandidate = {
  name: 'cpu',
  start: async () => {
    await import('@netspace/kernels/gradients'); // gradients, which tfjs-core lacks in Node
    await import('@tensorflow/tfjs-backend-cpu');
    await startBackend('cpu');
    const { device, memoryBytes } = processor();
    return { usable: true, facts: { backend: 'cpu', version: tf.version_core, device, threads: 1, memoryBytes } };
  },
};
