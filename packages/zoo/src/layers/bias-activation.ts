import { leakyReluGradient } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

/** The activation after a layer's sum: none, or the leaky ReLU of all the paper's classifiers. */
export type Activation = 'linear' | 'leaky';

/** Negative slope of the leaky ReLU, everywhere in the paper's networks. */
export const LEAKY_SLOPE = 0.01;

/** Whether tfjs records operations for a gradient. Its fused kernels then use slower gradients than those here. */
export const isRecording = (): boolean => tf.engine().state.gradientDepth > 0;

export const activate = <T extends tf.Tensor>(x: T, activation: Activation): T => {
  if (activation === 'linear') return x;
  return isRecording() ? (leaky(x) as T) : tf.leakyRelu(x, LEAKY_SLOPE);
};

/** Keeps its output for the gradient, not its input: the next layer keeps this output anyway. */
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

/** `leaky(a + b)`, the end of a residual block, as one operation for training. It keeps only its output. */
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
 * Frees the tensors from which a gradient was computed. tfjs itself holds gradients and kept tensors until the end of the backward pass,
 * when they take gigabytes. They are not freed if a gradient of a gradient needs them. The gradient that is freed has to come from another
 * operation, not from a caller.
 */
export function freeSpent(tensors: readonly tf.Tensor[]): void {
  if (!isRecording()) tf.dispose([...tensors]);
}

/** The gradient of an activation's input from that of its output. The leaky ReLU keeps the sign, so its output tells the slope. */
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
