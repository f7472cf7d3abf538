import type { Architecture } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

/** A network of four numbers, or of an image of 2×2 pixels: one hidden layer, and behind it the logits of three classes and a number. */
export function twoHeads(hidden = 5): Architecture {
  const seen = (trunk: tf.Tensor, x: tf.Tensor) => tf.tanh(tf.matMul(tf.reshape(x, [-1, 4]), trunk)); // [N, hidden]
  return {
    name: `two-heads-${hidden}`,
    parameters: [
      { name: 'trunk', shape: [4, hidden] },
      { name: 'class', shape: [hidden, 3] },
      { name: 'size', shape: [hidden, 1] },
    ],
    inputs: [{ name: 'x', shape: [null, null], dtype: 'float32' }],
    outputs: [
      { name: 'class', shape: [null, 3], dtype: 'float32' },
      { name: 'size', shape: [null, 1], dtype: 'float32' },
    ],
    applyNamed([trunk, classes, size], { x }) {
      const units = seen(trunk!, x!);
      return { class: tf.matMul(units, classes!), size: tf.matMul(units, size!) };
    },
    apply: ([trunk, classes], x) => tf.matMul(seen(trunk!, x), classes!), // as ONNX graphs: what the first output does not need is not computed
  };
}
