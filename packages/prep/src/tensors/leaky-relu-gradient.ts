import * as tf from '@tensorflow/tfjs-core';

/** A kernel that tfjs does not have, with inputs `dy` and `y` and attribute `alpha`. `@netspace/kernels` adds it to some backends. */
const KERNEL = 'LeakyReluGrad';

/**
 * The gradient of a leaky ReLU's input from the gradient of its output: dy where y > 0, slope · dy elsewhere. If the backend has a kernel
 * for it (`LeakyReluGrad`), this takes one pass.
 *
 * @param dy any shape
 * @param y output of the leaky ReLU, or its input, which has the same sign; the shape of `dy`
 */
export function leakyReluGradient<T extends tf.Tensor>(dy: T, y: tf.Tensor, slope: number): T {
  if (hasKernel(tf.getBackend())) return tf.engine().runKernel(KERNEL, { dy, y }, { alpha: slope });
  return tf.tidy(() => tf.mul<T>(dy, tf.step(y, slope)));
}

/** The type in tfjs says that there always is a kernel, but tfjs gives undefined if there is none. */
const hasKernel = (backend: string): boolean => Boolean(tf.getKernel(KERNEL, backend));
