import * as tf from '@tensorflow/tfjs-core';

/** Blocks of √(W / this): shorter than √W, because reading single values costs more than searching the blocks' maxima. */
const SEARCH_RATIO = 16;

/** The maximum of each row and channel, and where it is. */
export interface WidthMax {
  /** `[R, C]` */
  readonly max: tf.Tensor2D;
  /** `[R, C]`, int32: the first position that has the maximum. */
  readonly position: tf.Tensor2D;
  /** `[R, C]`, int32: the first position of the largest value elsewhere. */
  readonly runnerUp: tf.Tensor2D;
}

/**
 * Maximum over the width, its position and the next best position.
 *
 * Not by `tf.argMax`, which transposes or crawls on every backend along an axis that is not the last, but in two steps: the
 * maxima of short blocks by pooling, then a search of the two best blocks.
 *
 * @param x `[R, 1, W, C]`
 */
export function maxOverWidth(x: tf.Tensor4D): WidthMax {
  const [rows, , width, channels] = x.shape;
  const length = Math.ceil(Math.sqrt(width / SEARCH_RATIO));
  const blocks = Math.ceil(width / length);
  if (length === 1) {
    const values = channelsBeforeWidth(x); // [R, C, W]
    return { max: tf.max(values, 2), ...bestTwo(values, indices(values.shape)) };
  }
  const overhang = Math.floor((blocks * length - width) / 2); // by which 'same' lets the first block begin before the row
  const pooled = tf.maxPool(x, [1, length], [1, length], 'same');
  const blockMax = channelsBeforeWidth(pooled); // [R, C, blocks]
  const { position: best, runnerUp: next } = bestTwo(blockMax, indices(blockMax.shape));
  // In the order of the row, so that the first of equal ones comes first.
  const chosen = tf.stack([tf.minimum(best, next), tf.maximum(best, next)], 2); // [R, C, 2]
  const start = tf.sub(tf.mul(chosen, int32(length)), int32(overhang));
  const reach = tf.reshape(tf.add(tf.expandDims(start, 3), tf.range(0, length, 1, 'int32')), [rows, channels, 2 * length]);
  const places = tf.maximum(tf.minimum(reach, int32(width - 1)), int32(0));
  const rowStart = tf.reshape(tf.range(0, rows * width, width, 'int32'), [rows, 1, 1]);
  const channel = tf.reshape(tf.range(0, channels, 1, 'int32'), [1, channels, 1]);
  const values = tf.gather(tf.reshape(x, [-1]), tf.add(tf.mul(tf.add(places, rowStart), int32(channels)), channel) as tf.Tensor3D);
  return { max: tf.max(blockMax, 2), ...bestTwo(values as tf.Tensor3D, places) };
}

/** Of values `[R, C, n]` at places `[R, C, n]` (repeated ones count once): the place of the largest, and of the next. */
function bestTwo(values: tf.Tensor3D, places: tf.Tensor): Pick<WidthMax, 'position' | 'runnerUp'> {
  const [rows, channels, count] = values.shape;
  const start = tf.reshape(tf.range(0, rows * channels * count, count, 'int32'), [rows, channels]);
  const flat: tf.Tensor = tf.reshape(places, [-1]);
  const placeOfMax = (x: tf.Tensor) => tf.gather(flat, tf.add(tf.argMax(x, 2), start));
  const position = placeOfMax(values) as tf.Tensor2D;
  const others = tf.where(tf.equal(places, tf.expandDims(position, 2)), tf.fill(values.shape, -Infinity), values);
  return { position, runnerUp: placeOfMax(others) as tf.Tensor2D };
}

/** `[R, 1, W, C]` → `[R, C, W]` */
const channelsBeforeWidth = (x: tf.Tensor4D): tf.Tensor3D => tf.transpose(tf.squeeze<tf.Tensor3D>(x, [1]), [0, 2, 1]);

/** The index along the last axis, `[R, C, n]`. */
const indices = ([rows, channels, count]: readonly [number, number, number]): tf.Tensor =>
  tf.add(tf.zeros([rows, channels, 1], 'int32'), tf.range(0, count, 1, 'int32'));

const int32 = (value: number): tf.Scalar => tf.scalar(value, 'int32');
