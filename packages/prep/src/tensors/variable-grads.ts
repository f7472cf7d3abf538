import * as tf from '@tensorflow/tfjs-core';

/**
 * `tf.variableGrads` that leaks nothing when its function throws.
 *
 * TensorFlow.js keeps tensors for the backward pass, such as inputs of convolutions, outside of every `tf.tidy`. It frees them only after
 * the backward pass, so an error before its end would leak all of them.
 */
export function variableGrads(
  f: () => tf.Scalar,
  variables: readonly tf.Variable[],
): { readonly value: tf.Scalar; readonly grads: tf.NamedTensorMap } {
  try {
    return tf.variableGrads(f, [...variables]);
  } catch (error) {
    freeTape();
    throw error;
  }
}

/** Frees the tensors that the failed gradient has kept, unless it is part of another gradient that goes on. */
function freeTape(): void {
  const { state } = tf.engine();
  if (state.gradientDepth > 0) return;
  const tape = state.activeTape as typeof state.activeTape | undefined; // before the first gradient there is none
  for (const { saved } of tape ?? []) tf.dispose(saved ?? []);
  state.activeTape = [];
}
