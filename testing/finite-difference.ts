import * as tf from '@tensorflow/tfjs-core';

/**
 * Gradient of a scalar function by central differences, `(f(x + h) − f(x − h)) / 2h` for each entry of `x`.
 *
 * @param indices flat indices to differentiate at; all of them if left out
 */
export function finiteDifference(
  f: (x: tf.Tensor) => tf.Tensor,
  x: tf.Tensor,
  { h = 1e-2, indices = [...Array(x.size).keys()] }: { readonly h?: number; readonly indices?: readonly number[] } = {},
): number[] {
  const values = x.dataSync();
  const at = (index: number, delta: number): number => {
    const moved = Float32Array.from(values);
    moved[index] = moved[index]! + delta;
    const input = tf.tensor(moved, x.shape);
    const output = tf.tidy(() => f(input));
    const [value] = output.dataSync();
    tf.dispose([input, output]);
    return value!;
  };
  return indices.map((index) => (at(index, h) - at(index, -h)) / (2 * h));
}
