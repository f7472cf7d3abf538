import type { KernelConfig } from '@tensorflow/tfjs-core';

import { runOp } from './node-backend.js';

/**
 * TensorFlow's `LeakyReluGrad`, which tfjs has no kernel for: `y > 0 ? dy : alpha · dy` in one pass. tfjs's `Step`, the way around it,
 * takes five on this backend.
 */
export const leakyReluGradConfig: KernelConfig = {
  kernelName: 'LeakyReluGrad',
  backendName: 'tensorflow',
  kernelFunc: ({ inputs, attrs, backend }) =>
    runOp(backend, 'LeakyReluGrad', [inputs['dy']!, inputs['y']!], { alpha: attrs!['alpha'] as number }),
};
