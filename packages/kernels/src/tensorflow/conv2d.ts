import { Conv2D, type KernelConfig, tidy } from '@tensorflow/tfjs-core';

import { conv2DGeometry } from '../conv2d-geometry.js';
import { shippedKernel } from '../shipped-kernel.js';
import { asTensor4D } from './as-tensor.js';
import { inPrecision, workOfConvolution } from './in-bfloat16.js';
import { isSingleColumn, overItsColumns } from './single-column.js';

const shipped = shippedKernel('tensorflow', Conv2D);

/** Convolution as shipped, but also correct for a single channel and column with unequal strides. */
export const conv2DConfig: KernelConfig = {
  ...shipped,
  kernelFunc: (params) => {
    const { inputs, attrs, backend } = params;
    if (attrs!['dataFormat'] !== 'NHWC') return shipped.kernelFunc(params);
    const geometry = conv2DGeometry('Conv2D', inputs['x']!.shape, inputs['filter']!.shape, attrs!);
    if (!isSingleColumn(geometry)) return shipped.kernelFunc({ ...params, backend: inPrecision(backend, workOfConvolution(geometry)) });
    return tidy(() => asTensor4D(shipped.kernelFunc({ ...params, ...overItsColumns(inputs, attrs!, geometry) })));
  },
};
