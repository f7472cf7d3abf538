import * as tf from '@tensorflow/tfjs-core';

import { convMaxRowGradient, convMaxWeightGradients, type SavedByConvMax } from './conv-max-gradient.js';
import { leakyRelu } from '../layers/leaky-relu.js';
import { largestOverWidth, maxOverWidth } from './max-over-width.js';
import { withoutTape } from '../layers/without-tape.js';

/** The weights of the encoder's horizontal part. The second bias is left out, because it can be added after the maximum. */
export interface ConvMaxWeights {
  /** `[1, 3, 1, h]` */
  readonly weight1: tf.Tensor4D;
  /** `[h]` */
  readonly bias1: tf.Tensor1D;
  /** `[1, 3, h, o]` */
  readonly weight2: tf.Tensor4D;
}

/** Largest activation in memory at a time, in elements. Rows are independent, so they are taken a few at a time. */
const CHUNK = 2 ** 22;

/**
 * Convolution 1×3 stride 2 (1 → h), leaky ReLU, convolution 1×3 stride 2 (h → o), maximum over the width, for each row alone.
 *
 * After the maximum, only one position for each row and channel has a gradient. So the forward pass keeps only the positions of the maxima,
 * and the backward pass recomputes and differentiates the patches under them. At 16×10000 these are 1.6 million elements instead of 10
 * million kept twice, and there is no backward convolution. The gradient goes to the first of equal maxima. If rounding makes two positions
 * look equal, their difference decides which one is larger.
 *
 * @param rows `[R, W]`
 * @returns maxima of the second convolution without bias, `[R, o]`
 */
export function convMax(rows: tf.Tensor2D, { weight1, bias1, weight2 }: ConvMaxWeights): tf.Tensor2D {
  return tf.tidy(() => {
    const weights = { weight1, bias1, weight2 };
    // Only a gradient needs the positions of the maxima. tfjs itself asks in this way whether a gradient is being recorded.
    if (tf.engine().state.gradientDepth === 0) return forward(rows, weights, largestOverWidth) as tf.Tensor2D;
    const found = withoutTape(() => forward(rows, weights, maximaAndPlaces)); // [R, o, 3]
    const [max, first, second] = tf.unstack(found, 2) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
    const [position, runnerUp] = [tf.cast(first, 'int32'), tf.cast(second, 'int32')];

    const saving = (save: tf.GradSaveFunc) => save([rows, position, runnerUp, weight1, bias1, weight2]);
    const ofWeights = tf.customGrad((...inputs) => {
      saving(inputs[3] as tf.GradSaveFunc);
      const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => convMaxWeightGradients(dy as tf.Tensor2D, saved as SavedByConvMax);
      return { value: tf.clone(max), gradFunc };
    });
    // A zero that carries the gradient of the rows. It is a node of its own, so that it costs nothing if no gradient of the rows is needed.
    const ofRows = tf.customGrad((...inputs) => {
      saving(inputs[1] as tf.GradSaveFunc);
      const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => convMaxRowGradient(dy as tf.Tensor2D, saved as SavedByConvMax);
      return { value: tf.zerosLike(max), gradFunc };
    });
    return tf.add(ofWeights(weight1, bias1, weight2), ofRows(rows)) as tf.Tensor2D;
  });
}

/** Both convolutions, a few rows at a time, and a result that is computed from `[R, 1, W/4, o]` row by row. */
function forward(rows: tf.Tensor2D, weights: ConvMaxWeights, summarize: (conv2: tf.Tensor4D) => tf.Tensor): tf.Tensor {
  const [count, width] = rows.shape;
  const perChunk = Math.max(1, Math.floor(CHUNK / (Math.ceil(width / 2) * weights.bias1.size)));
  const parts: tf.Tensor[] = [];
  for (let first = 0; first < count; first += perChunk) {
    const some = tf.slice(rows, [first, 0], [Math.min(perChunk, count - first), width]);
    parts.push(tf.tidy(() => summarize(convolutions(some, weights))));
  }
  return tf.concat(parts);
}

/** The maxima, their positions and the next best, `[R, o, 3]`; positions as floats, exact below 2²⁴. */
function maximaAndPlaces(conv2: tf.Tensor4D): tf.Tensor {
  const { max, position, runnerUp } = maxOverWidth(conv2);
  return tf.stack([max, tf.cast(position, 'float32'), tf.cast(runnerUp, 'float32')], 2);
}

function convolutions(rows: tf.Tensor2D, { weight1, bias1, weight2 }: ConvMaxWeights): tf.Tensor4D {
  const [count, width] = rows.shape;
  // A second input channel of ones carries the bias, which saves one pass over the largest tensor. The middle tap is never padding.
  const x = padOn(tf.reshape(rows, [count, 1, width, 1]), 3, [0, 1], 1); // [R, 1, W, 2]
  const bias = padOn(tf.reshape(bias1, [1, 1, 1, -1]), 1, [1, 1]); // [1, 3, 1, h]
  const conv1 = convolveWidth(x, tf.concat([weight1, bias], 2)); // [R, 1, W/2, h]
  return convolveWidth(leakyRelu(conv1), weight2); // [R, 1, W/4, o]
}

const padOn = (x: tf.Tensor, axis: number, sides: [number, number], value = 0): tf.Tensor4D =>
  tf.pad(x, x.shape.map((_, i): [number, number] => (i === axis ? sides : [0, 0])), value) as tf.Tensor4D; // prettier-ignore

/** 1×3, stride 1×2, one zero on both sides. Explicit padding saves a copy. It has no gradient, which does not matter here. */
const convolveWidth = (x: tf.Tensor4D, weight: tf.Tensor4D): tf.Tensor4D =>
  tf.conv2d(x, weight, [1, 2], [[0, 0], [0, 0], [1, 1], [0, 0]]); // prettier-ignore
