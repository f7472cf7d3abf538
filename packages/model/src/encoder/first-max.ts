import * as tf from '@tensorflow/tfjs-core';

/**
 * Maximum along one axis, whose gradient goes to one position: the first of equal ones, as in PyTorch.
 *
 * `tf.max` gives the whole gradient to each of equal maxima. Equal maxima are the rule here, because all rows of padding encode alike.
 *
 * @param x any shape
 * @param axis the axis that disappears
 * @returns `x` without that axis
 */
export function firstMax(x: tf.Tensor, axis: number): tf.Tensor {
  const size = x.shape[axis] ?? 1;
  return tf.customGrad((...inputs) => {
    const [input, save] = inputs as [tf.Tensor, tf.GradSaveFunc];
    save([tf.argMax(input, axis)]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) =>
      tf.tidy(() => {
        const places = tf.reshape(
          tf.range(0, size, 1, 'int32'),
          x.shape.map((_, i) => (i === axis ? size : 1)),
        );
        const chosen = tf.equal(tf.expandDims(saved[0]!, axis), places);
        return tf.mul(tf.expandDims(dy, axis), tf.cast(chosen, 'float32'));
      });
    return { value: tf.max(input, axis), gradFunc };
  })(x);
}
