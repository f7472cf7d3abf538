import { Conv2DBackpropInput, type KernelConfig, slice, tidy } from '@tensorflow/tfjs-core';

import { conv2DGeometry } from '../conv2d-geometry.js';
import { asTensor4D } from './as-tensor.js';
import { isExplicit, withoutPadding } from './explicit-padding.js';
import { inPrecision, workOfConvolution } from './in-bfloat16.js';
import { shippedKernel } from '../shipped-kernel.js';

const shipped = shippedKernel('tensorflow', Conv2DBackpropInput);

/**
 * Gradient of a convolution for its input: TensorFlow's own, but also with explicit padding (the gradient of the padded input, without its
 * padding).
 */
export const conv2DBackpropInputConfig: KernelConfig = {
  ...shipped,
  kernelFunc: (params) => {
    const { inputs, attrs, backend } = params;
    if (attrs!['dataFormat'] !== 'NHWC') return shipped.kernelFunc(params);
    const inputShape = attrs!['inputShape'] as [number, number, number, number];
    const geometry = conv2DGeometry('Conv2DBackpropInput', inputShape, inputs['filter']!.shape, attrs!);
    const typed = { ...params, backend: inPrecision(backend, workOfConvolution(geometry)) };
    if (!isExplicit(geometry)) return shipped.kernelFunc(typed);
    const { top, bottom, left, right } = geometry.padInfo;
    const [batch, height, width, channels] = inputShape;
    const paddedShape = [batch, top + height + bottom, left + width + right, channels];
    return tidy(() => {
      const padded = shipped.kernelFunc({ ...typed, attrs: { ...withoutPadding(attrs!), inputShape: paddedShape } });
      return slice(asTensor4D(padded), [0, top, left, 0], inputShape);
    });
  },
};
