/**
 * Importing this module, after `@tensorflow/tfjs-node`, makes the gradients of large convolutions faster on its `tensorflow` backend
 * and lets convolutions with explicit padding be trained.
 */
import { registerKernels } from '../register-kernels.js';
import { conv2DBackpropFilterConfig } from './conv2d-backprop-filter.js';
import { conv2DBackpropInputConfig } from './conv2d-backprop-input.js';

/** Every kernel that `@netspace/kernels/tensorflow` registers. */
export const tensorflowKernels = [conv2DBackpropFilterConfig, conv2DBackpropInputConfig] as const;

registerKernels(tensorflowKernels);

export { conv2DBackpropFilterConfig, conv2DBackpropInputConfig };
