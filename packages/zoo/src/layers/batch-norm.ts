import * as tf from '@tensorflow/tfjs-core';

import { beforeActivation, channelSum, LEAKY_SLOPE, type Activation } from './bias-activation.js';

/** PyTorch's default ε, added to the variance. */
export const EPSILON = 1e-5;

/** PyTorch's default momentum: how much of the running statistics one batch replaces. */
const MOMENTUM = 0.1;

/** Mean and variance of each channel, `[C]`. */
export interface Moments {
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
}

/**
 * Batch normalization with a batch's own statistics, then an activation: `a(γ (x − μ) / √(σ² + ε) + β)`, σ² the biased variance.
 *
 * Differentiable in x, γ and β. No gradient flows through the statistics that are returned.
 *
 * @param x `[batch, height, width, C]`
 * @param gamma `[C]`
 * @param beta `[C]`
 * @see Ioffe, Szegedy, "Batch Normalization", arXiv:1502.03167
 */
export function normalizeBatch(
  x: tf.Tensor4D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  activation: Activation = 'linear',
): { readonly output: tf.Tensor4D; readonly moments: Moments } {
  const moments = momentsOf(x);
  const { mean, variance } = moments;
  const output = tf.customGrad((...args) => {
    const [input, weight, bias, save] = args as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.GradSaveFunc];
    const sum = tf.batchNorm4d(input, mean, variance, bias, weight, EPSILON);
    const value = activation === 'leaky' ? tf.leakyRelu(sum, LEAKY_SLOPE) : sum;
    save([input, weight, mean, variance, value]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => gradient(beforeActivation(dy, saved[4]!, activation), saved),
    };
  })(x, gamma, beta) as tf.Tensor4D;
  return { output, moments };
}

/** Running statistics after one more batch, as PyTorch keeps them: with the unbiased variance. */
export function updateRunning(running: Moments, batch: Moments, count: number): Moments {
  const blend = (old: tf.Tensor1D, now: tf.Tensor, factor: number): tf.Tensor1D =>
    tf.add(tf.mul(old, 1 - MOMENTUM), tf.mul(now, MOMENTUM * factor));
  return {
    mean: blend(running.mean, batch.mean, 1),
    variance: blend(running.variance, batch.variance, count / Math.max(1, count - 1)),
  };
}

/** Batch statistics, not recorded by the gradient tape. */
function momentsOf(x: tf.Tensor4D): Moments {
  const both = tf.customGrad((...args) => {
    const [input] = args as [tf.Tensor4D];
    const count = input.size / input.shape[3];
    const mean = tf.div(channelSum(input), count);
    const variance = tf.div(channelSum(tf.squaredDifference(input, mean)), count);
    return { value: tf.stack([mean, variance]), gradFunc: () => tf.zerosLike(input) };
  })(x);
  const [mean, variance] = tf.unstack(both) as [tf.Tensor1D, tf.Tensor1D];
  return { mean, variance };
}

/** With x̂ = (x − μ) / σ over N pixels: dβ = Σ dy, dγ = Σ dy x̂, dx = γ / σ · (dy − dβ / N − x̂ dγ / N). */
function gradient(dy: tf.Tensor, saved: readonly tf.Tensor[]): tf.Tensor[] {
  const [x, gamma, mean, variance] = saved as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
  const count = x.size / x.shape[3];
  const centered = tf.sub(x, mean); // [B, H, W, C]
  const scale = tf.rsqrt(tf.add(variance, EPSILON)); // [C], like all tensors below except in the last line
  const dBeta = channelSum(dy);
  const dGamma = tf.mul(channelSum(tf.mul(dy, centered)), scale);
  const slope = tf.mul(gamma, scale);
  const alongX = tf.mul(tf.mul(slope, scale), tf.div(dGamma, -count));
  const constant = tf.mul(slope, tf.div(dBeta, -count));
  return [tf.add(tf.add(tf.mul(dy, slope), tf.mul(centered, alongX)), constant), dGamma, dBeta];
}
