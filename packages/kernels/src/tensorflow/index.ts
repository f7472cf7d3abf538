/**
 * Importing this module, after `@tensorflow/tfjs-node`, makes the gradients of large convolutions faster on its `tensorflow` backend
 * and lets convolutions with explicit padding be trained.
 */
import { mendGradients } from '../gradients/mended/index.js';
import { registerKernels } from '../register-kernels.js';
import { batchMatMulConfig } from './batch-mat-mul.js';
import { conv2DBackpropFilterConfig } from './conv2d-backprop-filter.js';
import { conv2DBackpropInputConfig } from './conv2d-backprop-input.js';
import { conv2DConfig } from './conv2d.js';
import { fusedConv2DConfig } from './fused-conv2d.js';
import { groupedConv2DConfigs } from './grouped-conv2d.js';
import { leakyReluGradConfig } from './leaky-relu-grad.js';

/** Every kernel that `@netspace/kernels/tensorflow` registers. */
export const tensorflowKernels = [
  batchMatMulConfig,
  conv2DBackpropFilterConfig,
  conv2DBackpropInputConfig,
  conv2DConfig,
  fusedConv2DConfig,
  ...groupedConv2DConfigs,
  leakyReluGradConfig,
] as const;

registerKernels(tensorflowKernels);
mendGradients();

export { batchMatMulConfig, conv2DBackpropFilterConfig, conv2DBackpropInputConfig, conv2DConfig, fusedConv2DConfig, leakyReluGradConfig };
