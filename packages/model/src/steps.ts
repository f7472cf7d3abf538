import * as tf from '@tensorflow/tfjs-core';

/**
 * Applies functions one after the other and frees each result as soon as the next is there: for tensors so large that waiting for
 * the end of a tidy costs gigabytes. Not for steps that a tape records: it would miss what is freed.
 *
 * @returns the last result; `x` itself is left alone
 */
export function throughSteps(x: tf.Tensor, steps: readonly ((x: tf.Tensor) => tf.Tensor)[]): tf.Tensor {
  let current = x;
  for (const step of steps) {
    const next = tf.tidy(() => step(current));
    if (current !== x) current.dispose();
    current = next;
  }
  return current;
}
