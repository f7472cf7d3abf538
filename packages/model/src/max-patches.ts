import * as tf from '@tensorflow/tfjs-core';

/**
 * The patches under the maxima of `convMax`.
 *
 * With p the position of a maximum, it stands for the outputs q = 2p − 1 + t of the first convolution, t = 0, 1, 2, and those for
 * the row's elements 2q − 1 + k, k = 0, 1, 2. N = o · R patches, channel first, so that a sum over rows is a matrix product.
 */
export interface MaxPatches {
  /** `[N·3, 4]`: three elements of the row and a 1 for the bias; all 0 where q lies in the padding. */
  readonly columns: tf.Tensor2D;
  /** `[N·3, h]`: output of the first convolution. */
  readonly z: tf.Tensor2D;
  /** `[N, 9]`, int32: where the elements are in rows padded by {@link LEFT} and to {@link paddedWidth}, one after the other. */
  readonly places: tf.Tensor2D;
}

/** Zeros in front of a row, so that the patch of position 0 begins inside. */
export const LEFT = 3;
/** Width of a row that ends with the patch of its last position. */
export const paddedWidth = (width: number): number => 4 * Math.ceil(width / 4) + LEFT;

/**
 * Recomputes the patches under positions.
 *
 * @param rows `[R, W]`
 * @param position `[o, R]`, int32
 * @param kernel1 `[4, h]`: the first convolution's weights and, last, its bias
 */
export function maxPatches(rows: tf.Tensor2D, position: tf.Tensor2D, kernel1: tf.Tensor2D): MaxPatches {
  const [count, width] = rows.shape;
  const padded = paddedWidth(width);
  const right = padded - LEFT - width;
  const flat: tf.Tensor1D = tf.reshape(tf.pad(rows, [[0, 0], [LEFT, right]]), [-1]); // prettier-ignore
  const rowStart = tf.range(0, count * padded, padded, 'int32'); // [R]
  const corner = tf.add(tf.mul(position, int32(4)), rowStart); // [o, R]: padded place of element 4p − 3
  const offsets = tf.tensor1d([0, 1, 2, 2, 3, 4, 4, 5, 6], 'int32'); // 2t + k
  const places: tf.Tensor2D = tf.reshape(tf.add(tf.expandDims(corner, 2), offsets), [-1, 9]); // [N, 9]

  const first = tf.sub(tf.mul(tf.reshape(position, [-1, 1]), int32(2)), int32(1));
  const q = tf.add(first, tf.range(0, 3, 1, 'int32')); // [N, 3]
  const inside = tf.logicalAnd(tf.greaterEqual(q, int32(0)), tf.less(q, int32(Math.ceil(width / 2))));
  const one = tf.reshape(tf.cast(inside, 'float32'), [-1, 1]); // [N·3, 1]
  const elements = tf.mul(tf.reshape(tf.gather(flat, places), [-1, 3]), one); // [N·3, 3]
  const columns = tf.concat([elements, one], 1) as tf.Tensor2D; // [N·3, 4]
  return { columns, z: tf.matMul(columns, kernel1), places };
}

const int32 = (value: number): tf.Scalar => tf.scalar(value, 'int32');
