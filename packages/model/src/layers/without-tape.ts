import * as tf from '@tensorflow/tfjs-core';

/**
 * Runs a computation outside of gradients: none of its tensors is kept for a backward pass.
 *
 * @param compute may read any tensor; its result counts as a constant
 */
export function withoutTape<T extends tf.Tensor>(compute: () => T): T {
  // tfjs records nothing inside customGrad, and a function without tensor arguments is on no path that is differentiated.
  const run = tf.customGrad(() => ({ value: compute(), gradFunc: () => [] }));
  return run() as T;
}
