import { leakyReluGradient } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

/** What follows a layer's sum: nothing, or the leaky ReLU of all the paper's classifiers. */
export type Activation = 'linear' | 'leaky';

/** Negative slope of the leaky ReLU, everywhere in the paper's networks. */
export const LEAKY_SLOPE = 0.01;

/** Whether tfjs records operations for a gradient; then its fused kernels fall back to slower gradients than those here. */
export const isRecording = (): boolean => tf.engine().state.gradientDepth > 0;

export const activate = <T extends tf.Tensor>(x: T, activation: Activation): T => {
  if (activation === 'linear') return x;
  return isRecording() ? (leaky(x) as T) : tf.leakyRelu(x, LEAKY_SLOPE);
};

/** Keeps its output for the gradient, which the next layer keeps anyway, and not its input. */
const leaky = tf.customGrad((...args) => {
  const [x, save] = args as [tf.Tensor, tf.GradSaveFunc];
  const value = tf.leakyRelu(x, LEAKY_SLOPE);
  save([value]);
  const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
    const before = beforeActivation(dy, saved[0]!, 'leaky');
    freeSpent([dy, ...saved]);
    return before;
  };
  return { value, gradFunc };
});

/** `leaky(a + b)`, where a residual block ends: for training as one operation, which keeps its output alone. */
export function addActivated<T extends tf.Tensor>(a: T, b: T): T {
  if (!isRecording()) return tf.tidy(() => tf.leakyRelu(tf.add<T>(a, b), LEAKY_SLOPE));
  const add = tf.customGrad((...args) => {
    const [left, right, save] = args as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const value = tf.leakyRelu(tf.add(left, right), LEAKY_SLOPE);
    save([value]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const before = beforeActivation(dy, saved[0]!, 'leaky');
      freeSpent([dy, ...saved]);
      return [before, tf.clone(before)];
    };
    return { value, gradFunc };
  });
  return add(a, b) as T;
}

/**
 * Frees what a gradient was computed from. tfjs itself holds gradients and kept tensors to the end of the backward pass, by when they
 * are gigabytes. Gradients of gradients need them. The gradient that is freed has to come from another operation, not from a caller.
 */
export function freeSpent(tensors: readonly tf.Tensor[]): void {
  if (!isRecording()) tf.dispose([...tensors]);
}

/** The gradient before an activation from the one after it; the leaky ReLU keeps the sign, so that its output tells the slope. */
export const beforeActivation = (dy: tf.Tensor, output: tf.Tensor, activation: Activation): tf.Tensor =>
  activation === 'leaky' ? leakyReluGradient(dy, output, LEAKY_SLOPE) : dy;

/**
 * `activation(x + bias)` for training: keeps only its output.
 *
 * @param x `[…, channels]`
 * @param bias `[channels]`
 */
export function addBias<T extends tf.Tensor>(x: T, bias: tf.Tensor1D, activation: Activation): T {
  return tf.customGrad((...args) => {
    const [sum, b, save] = args as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const shifted = tf.add(sum, b);
    const value = activation === 'leaky' ? tf.leakyRelu(shifted, LEAKY_SLOPE) : shifted;
    save([value]);
    return {
      value,
      gradFunc(dy: tf.Tensor, saved: tf.Tensor[]) {
        const dx = beforeActivation(dy, saved[0]!, activation);
        return [dx, channelSum(dx)];
      },
    };
  })(x, bias) as T;
}

/** Sum over all axes but the last, `[batch, C]` or `[batch, h, w, C]` → `[C]`. */
export const channelSum = (x: tf.Tensor): tf.Tensor1D =>
  tf.sum(
    x,
    x.shape.slice(0, -1).map((_, axis) => axis),
  );
