import * as tf from '@tensorflow/tfjs-core';

/**
 * Runs a computation that gradients do not look into: nothing it makes is kept for a backward pass.
 *
 * @param compute may read any tensor; its result counts as a constant
 */
export function withoutTape<T extends tf.Tensor>(compute: () => T): T {
  // tfjs records nothing inside customGrad, and a function of no tensors is on no path to differentiate.
  const run = tf.customGrad(() => ({ value: compute(), gradFunc: () => [] }));
  return run() as T;
}
