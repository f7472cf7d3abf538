import { type NamedTensorInfoMap, type NamedAttrMap, pad, slice } from '@tensorflow/tfjs-core';

import type { Conv2DGeometry } from '../conv2d-geometry.js';
import { asTensor4D } from './as-tensor.js';

/**
 * Whether TensorFlow with oneDNN computes a convolution wrongly: one with one channel, a single output column and two different strides.
 * (Version 2.21 then steps over the rows by the stride of the columns.)
 */
export const isSingleColumn = ({ inChannels, outWidth, strideHeight, strideWidth }: Conv2DGeometry): boolean =>
  inChannels === 1 && outWidth === 1 && strideHeight !== strideWidth;

/**
 * The same convolution over only the columns that it reads. Its stride along the columns then has no effect and can be that of the rows.
 */
export function overItsColumns(
  inputs: NamedTensorInfoMap,
  attrs: NamedAttrMap,
  { strideHeight, effectiveFilterWidth, padInfo: { top, bottom, left, right } }: Conv2DGeometry,
): { readonly inputs: NamedTensorInfoMap; readonly attrs: NamedAttrMap } {
  const padded = pad(asTensor4D(inputs['x']!), [[0, 0], [top, bottom], [left, right], [0, 0]]); // prettier-ignore
  const x = slice(padded, [0, 0, 0, 0], [-1, -1, effectiveFilterWidth, -1]); // [B, padded H, effective filter W, 1]
  return { inputs: { ...inputs, x }, attrs: { ...attrs, pad: 'valid', strides: [strideHeight, strideHeight] } };
}
