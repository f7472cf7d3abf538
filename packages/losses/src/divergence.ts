import * as tf from '@tensorflow/tfjs-core';

import { stopGradient } from './stop-gradient.js';

/**
 * `factor · Σ_c p_c (log p_c − log q_c)`, summed over every row and every network, p = softmax(teacher / T), q = softmax(students / T).
 *
 * @param students logits `[..., batch, classes]`; a leading axis of networks is compared with the one teacher
 * @param teacher logits `[..., batch, classes]`, broadcast
 */
export function summedDivergence(students: tf.Tensor, teacher: tf.Tensor, temperature: number, factor: number): tf.Scalar {
  const logP = tf.logSoftmax(tf.div(stopGradient(teacher), temperature));
  const logQ = tf.logSoftmax(tf.div(students, temperature));
  return tf.mul(tf.sum(tf.mul(tf.exp(logP), tf.sub(logP, logQ))), factor);
}

/** `T² / batch`, or `1 / batch` for the authors' variant without T². */
export const divergenceFactor = (temperature: number, squaredTemperature: boolean, batch: number): number =>
  (squaredTemperature ? temperature ** 2 : 1) / batch;
