import { Conv2DBackpropFilter, type KernelConfig, pad, tidy } from '@tensorflow/tfjs-core';

import { type Conv2DGeometry, conv2DGeometry } from '../conv2d-geometry.js';
import { asTensor4D } from './as-tensor.js';
import { isExplicit, withoutPadding } from './explicit-padding.js';
import { inPrecision, workOfConvolution } from './in-bfloat16.js';
import { isPatchProductFaster } from './is-patch-product-faster.js';
import { usesGpu } from './node-backend.js';
import { patchProduct } from './patch-product.js';
import { shippedKernel } from '../shipped-kernel.js';

const shipped = shippedKernel('tensorflow', Conv2DBackpropFilter);

/**
 * Gradient of a convolution for its filter. For large images it uses products over patches, 2 to 3 times as fast as TensorFlow's own on the
 * processor, and for filters of one pixel with a stride, where TensorFlow's own may end the process; otherwise TensorFlow's own. Explicit
 * padding works, unlike in the shipped kernel.
 */
export const conv2DBackpropFilterConfig: KernelConfig = {
  ...shipped,
  kernelFunc: (params) => {
    const { inputs, attrs, backend } = params;
    if (attrs!['dataFormat'] !== 'NHWC') return shipped.kernelFunc(params);
    const [x, dy] = [asTensor4D(inputs['x']!), asTensor4D(inputs['dy']!)];
    const geometry = conv2DGeometry('Conv2DBackpropFilter', x.shape, attrs!['filterShape'] as number[], attrs!);
    if (!usesGpu(backend) && (isPatchProductFaster(geometry) || isStridedPixel(geometry))) return patchProduct(x, dy, geometry);
    const typed = { ...params, backend: inPrecision(backend, workOfConvolution(geometry)) };
    if (!isExplicit(geometry)) return shipped.kernelFunc(typed);
    const { top, bottom, left, right } = geometry.padInfo;
    return tidy(() => {
      const padded = pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]]); // prettier-ignore
      return asTensor4D(shipped.kernelFunc({ ...typed, inputs: { x: padded, dy }, attrs: withoutPadding(attrs!) }));
    });
  },
};

/**
 * Whether a filter of one pixel steps over pixels. With oneDNN on a processor without AVX-512, TensorFlow 2.21 then writes beyond its memory
 * (6 to 12 channels, images of 32×32), and the process ends some time later.
 *
 * @see docs/decisions/onednn.md
 */
const isStridedPixel = ({ filterHeight, filterWidth, strideHeight, strideWidth }: Conv2DGeometry): boolean =>
  filterHeight * filterWidth === 1 && strideHeight * strideWidth > 1;
