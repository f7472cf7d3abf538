import type { KernelConfig } from '@tensorflow/tfjs-core';

import { runOp } from './node-backend.js';

/**
 * TensorFlow's `LeakyReluGrad`, for which tfjs has no kernel: `y > 0 ? dy : alpha · dy` in one pass. The way around it with tfjs's `Step`
 * takes five passes on this backend.
 */
export const leakyReluGradConfig: KernelConfig = {
  kernelName: 'LeakyReluGrad',
  backendName: 'tensorflow',
  kernelFunc: ({ inputs, attrs, backend }) =>
    runOp(backend, 'LeakyReluGrad', [inputs['dy']!, inputs['y']!], { alpha: attrs!['alpha'] as number }),
};
