import type { KernelConfig } from '@tensorflow/tfjs-core';

import { avgPoolGradConfig } from './pool/avg-pool-grad.js';
import { batchMatMulConfig } from './product/batch-mat-mul.js';
import { comparisonConfigs } from './elementwise/comparisons.js';
import { extremeConfigs } from './elementwise/extremes.js';
import { gatherV2Config } from './copy/gather.js';
import { identityConfig } from './copy/identity.js';
import { leakyReluConfig } from './elementwise/leaky-relu.js';
import { maxConfig, meanConfig, minConfig, sumConfig } from './reduce/reduction.js';
import { conv2DConfig } from './conv/conv2d.js';
import { conv2DBackpropFilterConfig } from './conv/conv2d-backprop-filter.js';
import { conv2DBackpropInputConfig } from './conv/conv2d-backprop-input.js';
import { conv3DGradientConfigs } from './conv/conv3d-gradients.js';
import { depthwiseBackpropFilterConfig } from './conv/depthwise-backprop-filter.js';
import { depthwiseBackpropInputConfig } from './conv/depthwise-backprop-input.js';
import { einsumConfig } from './product/einsum.js';
import { fusedConv2DConfig } from './conv/fused-conv2d.js';
import { groupedConv2DConfigs } from './conv/grouped-conv2d.js';
import { dilation2DConfigs } from './pool/dilation2d.js';
import { maxPool3DConfig } from './pool/max-pool3d.js';
import { maxPoolGradConfig } from './pool/max-pool-grad.js';
import { depthwiseConv2dNativeConfig, fusedDepthwiseConv2DConfig } from './conv/same-padding.js';
import { cosConfig, sinConfig } from './elementwise/sine.js';
import { sliceConfig } from './copy/slice.js';
import { stridedSliceConfig } from './copy/strided-slice.js';
import { transposeConfig } from './copy/transpose.js';
import { unsortedSegmentSumConfig } from './reduce/unsorted-segment-sum.js';

/** Every kernel that `@netspace/kernels/wasm` registers. */
export const wasmKernels: readonly KernelConfig[] = [
  avgPoolGradConfig,
  batchMatMulConfig,
  ...comparisonConfigs,
  conv2DConfig,
  conv2DBackpropFilterConfig,
  conv2DBackpropInputConfig,
  ...conv3DGradientConfigs,
  cosConfig,
  depthwiseBackpropFilterConfig,
  depthwiseBackpropInputConfig,
  depthwiseConv2dNativeConfig,
  ...dilation2DConfigs,
  einsumConfig,
  ...extremeConfigs,
  fusedConv2DConfig,
  fusedDepthwiseConv2DConfig,
  gatherV2Config,
  ...groupedConv2DConfigs,
  identityConfig,
  leakyReluConfig,
  maxConfig,
  maxPool3DConfig,
  maxPoolGradConfig,
  meanConfig,
  minConfig,
  sinConfig,
  sliceConfig,
  stridedSliceConfig,
  sumConfig,
  transposeConfig,
  unsortedSegmentSumConfig,
];
