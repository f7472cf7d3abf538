import * as tf from '@tensorflow/tfjs-core';

/**
 * `tf.variableGrads` that leaks nothing when its function throws.
 *
 * TensorFlow.js keeps what the backward pass will need, such as inputs of convolutions, outside of every `tf.tidy`, and frees it after the
 * backward pass only: an error before its end would leave all of it.
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

/** Frees what the gradient that just failed has kept, unless it is part of another that goes on. */
function freeTape(): void {
  const { state } = tf.engine();
  if (state.gradientDepth > 0) return;
  const tape = state.activeTape as typeof state.activeTape | undefined; // before the first gradient there is none
  for (const { saved } of tape ?? []) tf.dispose(saved ?? []);
  state.activeTape = [];
}
