import { FusedConv2D, leakyRelu, tidy, type KernelConfig, type Tensor } from '@tensorflow/tfjs-core';

import { conv2DGeometry, type Conv2DGeometry } from '../conv2d-geometry.js';
import { shippedKernel } from '../shipped-kernel.js';
import { asTensor4D } from './as-tensor.js';
import { inPrecision, workOfConvolution } from './in-bfloat16.js';
import { runOp, usesGpu } from './node-backend.js';
import { isSingleColumn, overItsColumns } from './single-column.js';

const shipped = shippedKernel('tensorflow', FusedConv2D);

/** Whether this TensorFlow has oneDNN's convolution with a bias; undefined until it has been tried. */
let hasBiasedConvolution: boolean | undefined;

/** Convolution with bias as one operation of oneDNN. As shipped, adding the bias takes another pass over the output. */
export const fusedConv2DConfig: KernelConfig = {
  ...shipped,
  kernelFunc: (params) => {
    const { inputs, attrs, backend } = params;
    const { x, filter, bias } = inputs;
    if (attrs!['dataFormat'] !== 'NHWC' || x!.shape[3] !== filter!.shape[2]) return shipped.kernelFunc(params);
    const geometry = conv2DGeometry('FusedConv2D', x!.shape, filter!.shape, attrs!);
    if (isSingleColumn(geometry)) {
      return tidy(() => asTensor4D(fusedConv2DConfig.kernelFunc({ ...params, ...overItsColumns(inputs, attrs!, geometry) })));
    }
    const typed = inPrecision(backend, workOfConvolution(geometry));
    const activation = (attrs!['activation'] ?? 'linear') as string;
    const isPlain = bias?.shape.length === 1 && (activation === 'linear' || activation === 'leakyrelu');
    if (!isPlain || hasBiasedConvolution === false || usesGpu(backend)) return shipped.kernelFunc({ ...params, backend: typed });
    return tidy(() => {
      const sums = tryBiased(() => runOp(typed, '_MklNativeConv2DWithBias', [x!, filter!, bias], attributesOf(geometry)));
      if (sums === undefined) return asTensor4D(shipped.kernelFunc({ ...params, backend: typed }));
      return activation === 'linear' ? sums : leakyRelu(sums, attrs!['leakyreluAlpha'] as number);
    });
  },
};

/** It is not one of TensorFlow's public operations, so a version may lack it. */
function tryBiased(run: () => Tensor): Tensor | undefined {
  if (hasBiasedConvolution) return run();
  try {
    const result = run();
    hasBiasedConvolution = true;
    return result;
  } catch {
    hasBiasedConvolution = false;
    return undefined;
  }
}

function attributesOf({ strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo }: Conv2DGeometry) {
  const isExplicit = padInfo.type !== 'VALID' && padInfo.type !== 'SAME';
  const { top, bottom, left, right } = padInfo;
  return {
    _kernel: 'MklNameChangeOp', // the label under which TensorFlow registers oneDNN's kernels
    strides: [1, strideHeight, strideWidth, 1],
    dilations: [1, dilationHeight, dilationWidth, 1],
    padding: isExplicit ? 'EXPLICIT' : padInfo.type,
    ...(isExplicit && { explicit_paddings: [0, 0, top, bottom, left, right, 0, 0] }),
    data_format: 'NHWC',
    use_cudnn_on_gpu: true,
  };
}
