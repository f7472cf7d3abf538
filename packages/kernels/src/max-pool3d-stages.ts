import type { MaxPool3DAttrs } from '@tensorflow/tfjs-core';

import { pool3DInfo } from './pool3d-info.js';

/** One pooling of images, and the shape that its input has to have. */
export interface Stage {
  readonly shape: readonly [number, number, number, number];
  readonly attrs: {
    readonly filterSize: [number, number];
    readonly strides: [number, number];
    readonly pad: 'same' | 'valid' | [[0, 0], [number, number], [number, number], [0, 0]];
    readonly dimRoundingMode: 'floor' | 'round' | 'ceil' | undefined;
  };
}

/** Maxima over depth, height and width are the maxima over depth of those over height and width: pooling of images twice. */
export function maxPool3DStages(shape: readonly number[], attrs: MaxPool3DAttrs) {
  const { pad, dimRoundingMode } = attrs;
  const [batch, depth, height, width, channels] = shape as [number, number, number, number, number];
  const { filterDepth, filterHeight, filterWidth, strideDepth, strideHeight, strideWidth, outShape } = pool3DInfo(shape, attrs);
  const sides = (rows: number, columns: number): Stage['attrs']['pad'] => (typeof pad === 'number' ? [[0, 0], [rows, rows], [columns, columns], [0, 0]] : pad); // prettier-ignore
  const p = Number(pad);
  const overPlanes: Stage = {
    shape: [batch * depth, height, width, channels],
    attrs: { filterSize: [filterHeight, filterWidth], strides: [strideHeight, strideWidth], pad: sides(p, p), dimRoundingMode },
  };
  const overDepth: Stage = {
    shape: [batch, depth, outShape[2] * outShape[3], channels],
    attrs: { filterSize: [filterDepth, 1], strides: [strideDepth, 1], pad: sides(p, 0), dimRoundingMode },
  };
  return { overPlanes, overDepth, outShape };
}
