import * as tf from '@tensorflow/tfjs-core';

/** What Adam remembers between steps: running means of the gradient and of its square. */
export type AdamMoments = { readonly first: tf.Tensor; readonly second: tf.Tensor };

interface AdamStep {
  readonly value: tf.Tensor;
  readonly gradient: tf.Tensor;
  readonly moments: AdamMoments;
  /** Counted from 0. */
  readonly step: number;
  readonly learningRate: number;
}

const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

/**
 * One step of Adam as PyTorch computes it: `v − lr · m̂ / (√ŝ + ε)` with β = (0.9, 0.999) and ε = 1e-8.
 *
 * tfjs's own optimizer works on variables only and corrects its means in float32.
 *
 * @see Kingma, Ba, "Adam: A Method for Stochastic Optimization", arXiv:1412.6980
 */
export function adamStep({ value, gradient, moments, step, learningRate }: AdamStep): { value: tf.Tensor; moments: AdamMoments } {
  const first = tf.add(tf.mul(moments.first, BETA1), tf.mul(gradient, 1 - BETA1));
  const second = tf.add(tf.mul(moments.second, BETA2), tf.mul(tf.square(gradient), 1 - BETA2));
  const root = tf.div(tf.sqrt(second), Math.sqrt(1 - BETA2 ** (step + 1)));
  const direction = tf.div(tf.mul(first, learningRate / (1 - BETA1 ** (step + 1))), tf.add(root, EPSILON));
  return { value: tf.sub(value, direction), moments: { first, second } };
}
