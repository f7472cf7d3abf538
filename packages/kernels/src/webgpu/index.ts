/**
 * Importing this module, after `@tensorflow/tfjs-backend-webgpu`, adds what its backend lacks for a training step: padding and selecting
 * with more than four dimensions, sums of more than seven tensors, and running sums backwards.
 */
import type { KernelConfig } from '@tensorflow/tfjs-core';

import { mendGradients } from '../gradients/mended/index.js';
import { registerKernels } from '../register-kernels.js';
import { addNConfig } from './add-n.js';
import { cumsumConfig } from './cumsum.js';
import { padV2Config } from './pad-v2.js';
import { selectConfig } from './select.js';

/** Every kernel that `@netspace/kernels/webgpu` registers. */
export const webgpuKernels: readonly KernelConfig[] = [addNConfig, cumsumConfig, padV2Config, selectConfig];

registerKernels(webgpuKernels);
mendGradients();

export { addNConfig, cumsumConfig, padV2Config, selectConfig };
