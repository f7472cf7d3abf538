import { NetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

/** Which rows of a batch of PReps to encode, and how their features become the features of the batch. */
export interface RowPlan {
  /** `[R, W]`: the used rows of each PRep, and one row of zeros where there is padding. */
  readonly rows: tf.Tensor2D;
  /** Features of those rows `[R, C]` → features of each PRep's rows `[B, H', C]`, H' ≤ H. */
  readonly spread: (features: tf.Tensor2D) => tf.Tensor3D;
}

/**
 * More rows of padding than this change nothing. The vertical part sees two rows up and two rows down. So the first two rows of padding
 * depend on the rows above, the last two on the edge below, and all rows between are equal and have one maximum.
 */
const DISTINCT_PADDING_ROWS = 5;

/**
 * Encodes rows of padding only once. Values and gradients stay exact.
 *
 * @param preps `[B, H, W]`
 * @param usedRows how many rows, for all or for each PRep, are not padding; all if undefined. No gradient reaches the others.
 * @throws NetSpaceError `INVALID_OPTION` if a count is no integer from 0 to H, or there is not one for each PRep
 */
export function planRows(preps: tf.Tensor3D, usedRows: number | readonly number[] | undefined): RowPlan {
  const [batch, height, width] = preps.shape;
  const counts = typeof usedRows === 'object' ? usedRows : Array<number>(batch).fill(usedRows ?? height);
  checkUsedRows(counts, batch, height);
  const used = counts.map((count) => Math.max(1, count)); // tfjs cannot differentiate a split into a single part
  if (used.every((count) => count === height)) {
    return {
      rows: tf.reshape(preps, [batch * height, width]),
      spread: (features) => tf.reshape(features, [batch, height, features.shape[1]]),
    };
  }
  const kept = Math.min(height, Math.max(...used) + DISTINCT_PADDING_ROWS); // H'
  const [first = height] = used;
  return used.every((count) => count === first) ? planAlike(preps, first, kept) : planEach(preps, used, kept);
}

/** If all PReps fill the same number of rows, a few operations are enough for any number of PReps. */
function planAlike(preps: tf.Tensor3D, count: number, kept: number): RowPlan {
  const [batch, , width] = preps.shape;
  const filled = tf.reshape(tf.slice(preps, 0, [batch, count, width]), [batch * count, width]);
  const spread = (features: tf.Tensor2D): tf.Tensor3D => {
    const [own, zero] = tf.split(features, [batch * count, 1]);
    const channels = features.shape[1];
    const padding = tf.mul(tf.reshape(zero!, [1, 1, channels]), tf.ones([batch, kept - count, 1]));
    return tf.concat([tf.reshape(own!, [batch, count, channels]), padding], 1) as tf.Tensor3D;
  };
  return { rows: tf.concat([filled, tf.zeros([1, width])]) as tf.Tensor2D, spread };
}

function planEach(preps: tf.Tensor3D, used: readonly number[], kept: number): RowPlan {
  const [batch, , width] = preps.shape;
  const pieces = used.map((count, i) => tf.squeeze(tf.slice(preps, [i, 0, 0], [1, count, width]), [0]));
  const spread = (features: tf.Tensor2D): tf.Tensor3D => {
    const parts = tf.split(features, [...used, 1]);
    const zero = parts.at(-1)!; // [1, C]
    const rows = used.flatMap((count, i) => (kept > count ? [parts[i]!, tf.mul(zero, tf.ones([kept - count, 1]))] : [parts[i]!]));
    return tf.reshape(tf.concat(rows), [batch, kept, features.shape[1]]);
  };
  return { rows: tf.concat([...pieces, tf.zeros([1, width])]) as tf.Tensor2D, spread };
}

function checkUsedRows(used: readonly number[], batch: number, height: number): void {
  const wrong = used.find((count) => !(Number.isInteger(count) && count >= 0 && count <= height));
  if (wrong !== undefined) {
    throw new NetSpaceError('INVALID_OPTION', `encode: expected usedRows from 0 to ${height}, got ${wrong}`);
  }
  if (used.length !== batch) {
    throw new NetSpaceError('INVALID_OPTION', `encode: expected usedRows for each of ${batch} PReps, got ${used.length}`);
  }
}
