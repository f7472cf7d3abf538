import * as tf from '@tensorflow/tfjs-core';

/**
 * The patches under the maxima of `convMax`.
 *
 * Let p be the position of a maximum. It depends on the outputs q = 2p − 1 + t of the first convolution, t = 0, 1, 2, and these depend on
 * the row's elements 2q − 1 + k, k = 0, 1, 2. N = o · R patches, channel first, so that a sum over rows is a matrix product.
 */
export interface MaxPatches {
  /** `[N·3, 4]`: three elements of the row and a 1 for the bias; all 0 where q lies in the padding. */
  readonly columns: tf.Tensor2D;
  /** `[N·3, h]`: output of the first convolution. */
  readonly z: tf.Tensor2D;
}

/** The number of elements by which a patch moves if its position moves by one. */
export const STEP = 4;
/** Zeros in front of a row, so that the patch of position 0 begins at 0. */
export const LEFT = 3;
/** Width of a row with zeros on both sides: a whole number of steps, one more than there are positions. */
export const paddedWidth = (width: number): number => STEP * (Math.ceil(width / STEP) + 1);

/**
 * Recomputes the patches under positions.
 *
 * @param rows `[R, W]`
 * @param position `[o, R]`, int32
 * @param kernel1 `[4, h]`: the first convolution's weights and, last, its bias
 */
export function maxPatches(rows: tf.Tensor2D, position: tf.Tensor2D, kernel1: tf.Tensor2D): MaxPatches {
  const [count, width] = rows.shape;
  const steps = paddedWidth(width) / STEP;
  const right = paddedWidth(width) - LEFT - width;
  const table = tf.reshape(tf.pad(rows, [[0, 0], [LEFT, right]]), [-1, STEP]); // prettier-ignore
  const line: tf.Tensor1D = tf.reshape(tf.add(position, tf.range(0, count * steps, steps, 'int32')), [-1]); // [N]
  // The seven elements from 4p − 3 on are one line of the table and most of the next line.
  const seven = tf.concat([tf.gather(table, line), tf.gather(table, tf.add(line, int32(1)))], 1); // [N, 8]
  const elements = tf.concat(
    [0, 2, 4].map((start) => tf.slice(seven, [0, start], [-1, 3])),
    1,
  ); // [N, 9]

  const first = tf.sub(tf.mul(tf.reshape(position, [-1, 1]), int32(2)), int32(1));
  const q = tf.add(first, tf.range(0, 3, 1, 'int32')); // [N, 3]
  const inside = tf.logicalAnd(tf.greaterEqual(q, int32(0)), tf.less(q, int32(Math.ceil(width / 2))));
  const one = tf.reshape(tf.cast(inside, 'float32'), [-1, 1]); // [N·3, 1]
  const columns = tf.concat([tf.mul(tf.reshape(elements, [-1, 3]), one), one], 1) as tf.Tensor2D; // [N·3, 4]
  return { columns, z: tf.matMul(columns, kernel1) };
}

const int32 = (value: number): tf.Scalar => tf.scalar(value, 'int32');
