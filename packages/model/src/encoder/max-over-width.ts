import * as tf from '@tensorflow/tfjs-core';

/** The maximum of each row and channel, and where it is. */
export interface WidthMax {
  /** `[R, C]` */
  readonly max: tf.Tensor2D;
  /** `[R, C]`, int32: the first position that has the maximum. */
  readonly position: tf.Tensor2D;
  /** `[R, C]`, int32: where the largest other value is, or `position` again. */
  readonly runnerUp: tf.Tensor2D;
}

/** Blocks of √(W / this) positions: shorter than √W, because reading single values costs more than searching the blocks' maxima. */
const SEARCH_RATIO = 16;

/**
 * Maximum over the width, its position and the next best position.
 *
 * It works in two steps: pooling gives the maxima of short blocks, then the two best blocks are searched. `tf.argMax` is not used, because
 * along an axis that is not the last it transposes or is slow on every backend.
 *
 * @param x `[R, 1, W, C]`
 */
export function maxOverWidth(x: tf.Tensor4D): WidthMax {
  const [rows, , width, channels] = x.shape;
  const length = Math.ceil(Math.sqrt(width / SEARCH_RATIO));
  const blocks = Math.ceil(width / length);
  const blockMax = channelsBeforeWidth(length === 1 ? x : tf.maxPool(x, [1, length], [1, length], 'same')); // [R, C, blocks]
  const max = tf.max(blockMax, 2) as tf.Tensor2D;
  const [best, next] = bestTwo(blockMax);
  if (length === 1) return { max, position: best, runnerUp: next };

  // In the order of the row, so that the first of equal maxima comes first.
  const overhang = Math.floor((blocks * length - width) / 2); // the number of places by which 'same' lets the first block begin before the row
  const startOf = (block: tf.Tensor) => clip(tf.sub(tf.mul(block, int32(length)), int32(overhang)), width - length);
  const [start1, start2] = [startOf(tf.minimum(best, next)), startOf(tf.maximum(best, next))];
  const base = tf.stack(
    [start1, start2].map((start) => flatIndex(start, width, channels)),
    2,
  ); // [R, C, 2]
  const steps = tf.range(0, length * channels, channels, 'int32');
  const places = tf.reshape(tf.add(tf.expandDims(base, 3), steps), [rows, channels, 2 * length]);
  const values = tf.gather<tf.Tensor>(tf.reshape(x, [-1]), places as tf.Tensor3D) as tf.Tensor3D; // [R, C, 2 · length]
  const positionOf = (index: tf.Tensor2D) =>
    tf.where(tf.less(index, int32(length)), tf.add(start1, index), tf.add(start2, tf.sub(index, int32(length))));
  const [first, second] = bestTwo(values);
  return { max, position: positionOf(first) as tf.Tensor2D, runnerUp: positionOf(second) as tf.Tensor2D };
}

/** Only the maximum: `[R, 1, W, C]` → `[R, C]`. */
export const largestOverWidth = (x: tf.Tensor4D): tf.Tensor2D =>
  tf.reshape(x.shape[2] === 1 ? x : tf.maxPool(x, [1, x.shape[2]], 1, 'valid'), [x.shape[0], x.shape[3]]);

/** Of values `[R, C, n]`: the index of the largest, and of the largest other (the same if n is 1). */
function bestTwo(values: tf.Tensor3D): [tf.Tensor2D, tf.Tensor2D] {
  const best = tf.argMax(values, 2) as tf.Tensor2D;
  const count = values.shape[2];
  if (count === 1) return [best, best];
  const chosen = tf.cast(tf.oneHot(best, count), 'float32'); // wasm's one-hot always writes integers
  const others = tf.sub(values, tf.mul(chosen, FAR));
  return [best, tf.argMax(others, 2)];
}

/** Added to a finite activation, this excludes it from a search for the maximum. */
const FAR = 1e38;

/** Where `x[row, 0, position, channel]` lies in the flat tensor, for positions `[R, C]`. */
function flatIndex(position: tf.Tensor, width: number, channels: number): tf.Tensor {
  const rows = position.shape[0]!;
  const rowStart = tf.reshape(tf.range(0, rows * width, width, 'int32'), [rows, 1]);
  return tf.add(tf.mul(tf.add(position, rowStart), int32(channels)), tf.range(0, channels, 1, 'int32'));
}

/** `[R, 1, W, C]` → `[R, C, W]` */
const channelsBeforeWidth = (x: tf.Tensor4D): tf.Tensor3D => tf.transpose(tf.squeeze<tf.Tensor3D>(x, [1]), [0, 2, 1]);

const clip = (position: tf.Tensor, largest: number): tf.Tensor => tf.maximum(tf.minimum(position, int32(largest)), int32(0));

const int32 = (value: number): tf.Scalar => tf.scalar(value, 'int32');
