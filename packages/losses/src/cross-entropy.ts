import * as tf from '@tensorflow/tfjs-core';

import { requireLabels, requireSameShape } from './checks.js';
import { oneHot } from './one-hot.js';

/**
 * Cross-entropy of a classifier: how improbable the right classes are according to it.
 *
 * `−mean_b log softmax(logits_b)[label_b]`: equation (4).
 *
 * @param logits `[batch, classes]`
 * @param labels class index of each row, `[batch]`, int32 in 0..classes-1. The indices are not checked, since they stay on the device; one
 * outside the range counts as no loss.
 * @returns scalar, in nats
 * @throws NetSpaceError `SHAPE_MISMATCH` if there is not one label per row
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { crossEntropyLoss } from '@netspace/losses';
 *
 * const loss = crossEntropyLoss(tf.tensor2d([[0, 0]]), tf.tensor1d([1], 'int32')); // ln 2
 * console.log((await loss.array()).toFixed(4)); // 0.6931
 * ```
 */
export function crossEntropyLoss(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  requireLabels('crossEntropyLoss', logits, labels);
  return tf.tidy(() => meanOverBatch(logits, labels, logits.shape[0]));
}

/**
 * The cross-entropies of several networks on the same labels, summed: `Σ_s L_ce(student_s, labels)`; 0 for no network.
 *
 * @param students logits of each network, S × `[batch, classes]`
 * @param labels `[batch]`, int32
 */
export function summedCrossEntropy(call: string, students: readonly tf.Tensor2D[], labels: tf.Tensor1D): tf.Scalar {
  const [first] = students;
  if (first === undefined) return tf.scalar(0);
  requireLabels(call, first, labels);
  for (const student of students) requireSameShape(call, ['the first logits', 'other logits'], first, student);
  return tf.tidy(() => meanOverBatch(tf.stack([...students]), labels, first.shape[0])); // stacked to [S, B, C]
}

/**
 * The cross-entropy of each of several networks on images of its own.
 *
 * @param logits `[networks, batch, classes]`
 * @param labels `[networks · batch]`, int32
 * @returns `[networks]`, in nats
 */
export function eachCrossEntropy(logits: tf.Tensor3D, labels: tf.Tensor1D): tf.Tensor1D {
  const [networks, batch, classes] = logits.shape;
  return tf.tidy(() => {
    const chosen = oneHot(tf.reshape(labels, [networks, batch]), classes); // [K, B, C]
    return tf.div(tf.neg(tf.sum<tf.Tensor1D>(tf.mul(tf.logSoftmax(logits), chosen), [1, 2])), batch);
  });
}

/** `−Σ log softmax(logits)[label] / batch` over every row of every network; logits `[..., batch, classes]`. */
function meanOverBatch(logits: tf.Tensor, labels: tf.Tensor1D, batch: number): tf.Scalar {
  const chosen = oneHot(labels, logits.shape[logits.rank - 1]!); // [B, C]
  return tf.div(tf.neg(tf.sum<tf.Scalar>(tf.mul(tf.logSoftmax(logits), chosen))), batch);
}
