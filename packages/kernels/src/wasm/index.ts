/**
 * Importing this module lets `@tensorflow/tfjs-backend-wasm` train: it registers the kernels that the backend lacks for
 * gradients and replaces those that it does slowly. It does not matter whether the backend has been started yet.
 */
import { registerKernels } from '../register-kernels.js';
import { wasmKernels } from './kernels.js';

registerKernels(wasmKernels);

export { wasmKernels } from './kernels.js';
export { avgPoolGradConfig } from './avg-pool-grad.js';
export { batchMatMulConfig } from './batch-mat-mul.js';
export { comparisonConfigs } from './comparisons.js';
export { gatherV2Config } from './gather.js';
export { identityConfig } from './identity.js';
export { leakyReluConfig } from './leaky-relu.js';
export { maxConfig, meanConfig, minConfig, sumConfig } from './reduction.js';
export { conv2DConfig } from './conv2d.js';
export { conv2DBackpropFilterConfig } from './conv2d-backprop-filter.js';
export { conv2DBackpropInputConfig } from './conv2d-backprop-input.js';
export { depthwiseBackpropFilterConfig } from './depthwise-backprop-filter.js';
export { depthwiseBackpropInputConfig } from './depthwise-backprop-input.js';
export { einsumConfig } from './einsum.js';
export { fusedConv2DConfig } from './fused-conv2d.js';
export { maxPoolGradConfig } from './max-pool-grad.js';
export { depthwiseConv2dNativeConfig, fusedDepthwiseConv2DConfig } from './same-padding.js';
export { sliceConfig } from './slice.js';
export { stridedSliceConfig } from './strided-slice.js';
export { transposeConfig } from './transpose.js';
export { unsortedSegmentSumConfig } from './unsorted-segment-sum.js';
export { type GemmEngine, gemmEngine, startGemmEngine } from './gemm/engine.js';
export { type StartMember, type TeamMember, teamWorkerSource } from './gemm/team.js';
