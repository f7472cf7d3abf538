import * as tf from '@tensorflow/tfjs-core';

/** A kernel that tfjs does not have and a backend may: inputs `dy` and `y`, attribute `alpha`. `@netspace/kernels` brings it. */
const KERNEL = 'LeakyReluGrad';

/**
 * Gradient before a leaky ReLU from the one after it: dy where y > 0, slope · dy elsewhere. In one pass where the backend has a
 * kernel for it (`LeakyReluGrad`).
 *
 * @param dy any shape
 * @param y output of the leaky ReLU, whose sign is its input's, or that input; the shape of `dy`
 */
export function leakyReluGradient<T extends tf.Tensor>(dy: T, y: tf.Tensor, slope: number): T {
  if (hasKernel(tf.getBackend())) return tf.engine().runKernel(KERNEL, { dy, y }, { alpha: slope });
  return tf.tidy(() => tf.mul<T>(dy, tf.step(y, slope)));
}

/** tfjs declares that there always is a kernel, and gives undefined where there is none. */
const hasKernel = (backend: string): boolean => Boolean(tf.getKernel(KERNEL, backend));
