import { leakyReluGradient } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { leakyRelu, LEAKY_SLOPE } from '../layers/leaky-relu.js';
import { LEFT, maxPatches, paddedWidth, STEP, type MaxPatches } from './max-patches.js';
import { decideNearTies, type Kernels } from './near-ties.js';

/** Largest tensor of patches to hold at a time, in elements. */
const CHUNK = 2 ** 22;

/** What `convMax` saves: rows, position, runnerUp, weight1, bias1, weight2. */
export type SavedByConvMax = [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor4D, tf.Tensor1D, tf.Tensor4D];

interface Chunk extends MaxPatches, Kernels {
  /** `[o, R, 1]`, gradient of the maxima. */
  readonly dy: tf.Tensor3D;
  /** `[o, R]`, int32: where the maxima are. */
  readonly position: tf.Tensor2D;
}

/** Gradients of `convMax` in weight1, bias1 and weight2. */
export function convMaxWeightGradients(dy: tf.Tensor2D, saved: SavedByConvMax): tf.Tensor[] {
  return tf.tidy(() => {
    const [, , , weight1, bias1, weight2] = saved;
    const [, , h, o] = weight2.shape;
    const parts = forEachChunk(dy, saved, (chunk) => {
      const activation: tf.Tensor3D = tf.reshape(leakyRelu(chunk.z), [o, -1, 3 * h]); // [o, R, 3·h]
      const ofKernel2 = tf.matMul(tf.reshape(chunk.dy, [o, 1, -1]), activation); // [o, 1, 3·h]
      const ofKernel1 = tf.matMul(tf.transpose(chunk.columns), gradientOfZ(chunk)); // [4, h]
      return [ofKernel1, ofKernel2];
    });
    const ofKernel1 = tf.addN(parts.map((part) => part[0]!));
    const ofKernel2 = tf.reshape(tf.addN(parts.map((part) => part[1]!)), [o, 3 * h]);
    const ofWeight1 = tf.reshape(tf.slice(ofKernel1, [0, 0], [3, h]), weight1.shape);
    const ofBias1 = tf.reshape(tf.slice(ofKernel1, [3, 0], [1, h]), bias1.shape);
    return [ofWeight1, ofBias1, tf.reshape(tf.transpose(ofKernel2), weight2.shape)];
  });
}

/** Gradient of `convMax` in its rows, `[R, W]`. */
export function convMaxRowGradient(dy: tf.Tensor2D, saved: SavedByConvMax): tf.Tensor {
  return tf.tidy(() => {
    const width = saved[0].shape[1];
    const padded = paddedWidth(width);
    const parts = forEachChunk(dy, saved, (chunk) => {
      const rows = chunk.dy.shape[1];
      const inside = tf.slice(chunk.columns, [0, 3], [-1, 1]); // 0 where q lies in the padding
      const taps: tf.Tensor2D = tf.transpose(tf.slice(chunk.kernel1, [0, 0], [3, -1])); // [h, 3]
      const updates = tf.mul(tf.matMul(gradientOfZ(chunk), taps), inside); // [N·3, 3]
      const corner = tf.add(tf.mul(chunk.position, tf.scalar(STEP, 'int32')), tf.range(0, rows * padded, padded, 'int32')); // [o, R]
      const offsets = tf.tensor1d([0, 1, 2, 2, 3, 4, 4, 5, 6], 'int32'); // 2t + k
      const places = tf.reshape(tf.add(tf.expandDims(corner, 2), offsets), [-1, 1]); // [N·9, 1]
      const sums = tf.scatterND(places as tf.Tensor2D, tf.reshape(updates, [-1]), [rows * padded]);
      return [tf.slice(tf.reshape(sums, [rows, padded]), [0, LEFT], [rows, width])];
    });
    return tf.concat(parts.map(([part]) => part!));
  });
}

/** d loss / d z, `[N·3, h]`. */
function gradientOfZ({ dy, kernel2, z }: Chunk): tf.Tensor2D {
  const ofActivation: tf.Tensor2D = tf.reshape(tf.mul(dy, kernel2), z.shape); // [o, R, 3·h] → [N·3, h]
  return leakyReluGradient<tf.Tensor2D>(ofActivation, z, LEAKY_SLOPE);
}

/** Recomputes the patches under the maxima, a few rows at a time. */
function forEachChunk(dy: tf.Tensor2D, saved: SavedByConvMax, compute: (chunk: Chunk) => tf.Tensor[]): tf.Tensor[][] {
  const [rows, position, runnerUp, weight1, bias1, weight2] = saved;
  const [, , h, o] = weight2.shape;
  const kernel1 = tf.concat([tf.reshape(weight1, [3, h]), tf.reshape(bias1, [1, h])]) as tf.Tensor2D; // [4, h]
  const kernel2: tf.Tensor3D = tf.reshape(tf.transpose(tf.reshape(weight2, [3 * h, o])), [o, 1, 3 * h]);
  const count = rows.shape[0];
  const perChunk = Math.max(1, Math.floor(CHUNK / (o * 3 * h)));
  const results: tf.Tensor[][] = [];
  for (let first = 0; first < count; first += perChunk) {
    const part = (x: tf.Tensor2D): tf.Tensor2D => tf.slice(x, [first, 0], [Math.min(perChunk, count - first), -1]);
    const byChannel = (x: tf.Tensor2D): tf.Tensor2D => tf.transpose(part(x)); // [o, R]
    results.push(
      tf.tidy(() => {
        const some = part(rows);
        const decided = decideNearTies(some, byChannel(position), byChannel(runnerUp), { kernel1, kernel2 });
        return compute({ ...maxPatches(some, decided, kernel1), position: decided, kernel1, kernel2, dy: tf.expandDims(byChannel(dy), 2) });
      }),
    );
  }
  return results;
}
