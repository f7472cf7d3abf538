import * as tf from '@tensorflow/tfjs-core';

import { randomInput } from './outcome-on.js';
import type { TrainingOp } from './training-ops.js';

const op = (name: string, shape: readonly number[], run: (x: tf.Tensor) => tf.Tensor): TrainingOp => ({
  name,
  inputs: [randomInput(shape)],
  run: (x) => run(x!),
});
const as4D = (x: tf.Tensor) => x as tf.Tensor4D;
const as5D = (x: tf.Tensor) => x as tf.Tensor5D;
const waves = (shape: readonly number[]) => tf.reshape(tf.sin(tf.range(0, tf.util.sizeFromShape([...shape]))), [...shape]);
const image = [2, 5, 4, 3] as const;
const volume = [2, 3, 4, 5, 2] as const;
const table = [3, 4] as const;

const resizings = (['resizeBilinear', 'resizeNearestNeighbor'] as const).flatMap((kind) =>
  (
    [
      [false, false],
      [true, false],
      [false, true],
    ] as const
  ).flatMap(([corners, centers]) =>
    // prettier-ignore
    ([[10, 8], [7, 3], [2, 9]] as const).map(([height, width]) => // prettier-ignore
      op(`${kind} to ${height} × ${width}, corners ${corners}, centers ${centers}`, image, (x) => tf.image[kind](as4D(x), [height, width], corners, centers)), // prettier-ignore
    ),
  ),
);

const functions = ['erf', 'expm1', 'atan', 'asin', 'acos', 'sinh', 'cosh', 'asinh', 'atanh', 'tan', 'softplus', 'reciprocal'] as const;

/** The ops of networks that people bring, beside those of the zoo: of layers, and of ONNX. */
export const layerOps: readonly TrainingOp[] = [
  ...functions.map((name) => op(name, table, (x) => tf[name](x))),
  op('log1p, acosh, rsqrt', table, (x) => tf.add(tf.log1p(tf.abs(x)), tf.add(tf.acosh(tf.add(2, x)), tf.rsqrt(tf.abs(x))))),
  op('mod', table, (x) => tf.mod(tf.mul(x, 5), 0.7)),
  op('pow', table, (x) => tf.pow(tf.abs(x), 1.7)),
  op('atan2', table, (x) => tf.atan2(x, 0.3)),
  op('maximum of itself', table, (x) => tf.maximum(x, tf.neg(x))),
  op('avgPool, padded', image, (x) => tf.avgPool(as4D(x), 2, 2, 'same')),
  op('avgPool, padded, overlapping', image, (x) => tf.avgPool(as4D(x), 3, 1, 'same')),
  op('avgPool, padded by a number', image, (x) => tf.avgPool(as4D(x), 3, 2, 1, 'floor')),
  op('maxPool, padded', image, (x) => tf.maxPool(as4D(x), 2, 2, 'same')),
  ...(['same', 'valid'] as const).flatMap((pad) => [
    op(`avgPool3d, ${pad}`, volume, (x) => tf.avgPool3d(as5D(x), [2, 3, 2], 1, pad)),
    op(`maxPool3d, ${pad}`, volume, (x) => tf.maxPool3d(as5D(x), [2, 3, 2], 2, pad)),
    op(`conv3d, ${pad}`, volume, (x) => tf.conv3d(as5D(x), waves([2, 2, 3, 2, 3]) as tf.Tensor5D, 1, pad)),
  ]),
  ...resizings,
  op('batchToSpace', [4, 2, 2, 3], (x) => tf.batchToSpaceND(x, [2, 2], [[0, 0], [0, 0]])), // prettier-ignore
  op('spaceToBatch', [1, 4, 4, 3], (x) => tf.spaceToBatchND(x, [2, 2], [[0, 0], [0, 0]])), // prettier-ignore
  op('cumsum, exclusive', table, (x) => tf.cumsum(x, 1, true, false)),
  op('cumsum, backwards', table, (x) => tf.cumsum(x, 1, false, true)),
  op('cumsum, exclusive and backwards', table, (x) => tf.cumsum(x, 1, true, true)),
  op('unstack and stack', table, (x) => tf.stack(tf.unstack(x, 1).reverse(), 0)),
  op('local response normalization', [2, 3, 3, 8], (x) => tf.localResponseNormalization(as4D(x), 2)),
];
