/**
 * Importing this module lets `@tensorflow/tfjs-backend-wasm` train: it registers the kernels that the backend lacks for
 * gradients and replaces those that it does slowly. It does not matter whether the backend has been started yet.
 */
import { mendGradients } from '../gradients/mended/index.js';
import { registerKernels } from '../register-kernels.js';
import { wasmKernels } from './kernels.js';

registerKernels(wasmKernels);
mendGradients();

export { wasmKernels } from './kernels.js';
export { avgPoolGradConfig } from './pool/avg-pool-grad.js';
export { batchMatMulConfig } from './product/batch-mat-mul.js';
export { comparisonConfigs } from './elementwise/comparisons.js';
export { gatherV2Config } from './copy/gather.js';
export { identityConfig } from './copy/identity.js';
export { leakyReluConfig } from './elementwise/leaky-relu.js';
export { maxConfig, meanConfig, minConfig, sumConfig } from './reduce/reduction.js';
export { conv2DConfig } from './conv/conv2d.js';
export { conv2DBackpropFilterConfig } from './conv/conv2d-backprop-filter.js';
export { conv2DBackpropInputConfig } from './conv/conv2d-backprop-input.js';
export { depthwiseBackpropFilterConfig } from './conv/depthwise-backprop-filter.js';
export { depthwiseBackpropInputConfig } from './conv/depthwise-backprop-input.js';
export { einsumConfig } from './product/einsum.js';
export { fusedConv2DConfig } from './conv/fused-conv2d.js';
export { maxPoolGradConfig } from './pool/max-pool-grad.js';
export { depthwiseConv2dNativeConfig, fusedDepthwiseConv2DConfig } from './conv/same-padding.js';
export { sliceConfig } from './copy/slice.js';
export { stridedSliceConfig } from './copy/strided-slice.js';
export { transposeConfig } from './copy/transpose.js';
export { unsortedSegmentSumConfig } from './reduce/unsorted-segment-sum.js';
