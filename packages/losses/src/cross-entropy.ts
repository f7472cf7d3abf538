import * as tf from '@tensorflow/tfjs-core';

import { requireLabels } from './checks.js';
import { oneHot } from './one-hot.js';

/**
 * Cross-entropy of a classifier: how improbable it finds the right classes.
 *
 * `−mean_b log softmax(logits_b)[label_b]`: equation (4).
 *
 * @param logits `[batch, classes]`
 * @param labels class index of each row, `[batch]`, int32 in 0..classes-1 (not read on the host, hence not checked: an index outside
 * counts as no loss)
 * @returns scalar, in nats
 * @throws NetSpaceError `SHAPE_MISMATCH` if there is not one label per row
 */
export function crossEntropyLoss(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  requireLabels('crossEntropyLoss', logits, labels);
  return tf.tidy(() => tf.div(summedCrossEntropy(logits, labels), logits.shape[0]));
}

/** `−Σ log softmax(logits)[label]` over every row of every network; logits `[..., batch, classes]`. */
export function summedCrossEntropy(logits: tf.Tensor, labels: tf.Tensor1D): tf.Scalar {
  const chosen = oneHot(labels, logits.shape[logits.rank - 1]!); // [B, C]
  return tf.neg(tf.sum<tf.Scalar>(tf.mul(tf.logSoftmax(logits), chosen)));
}
