import '@tensorflow/tfjs'; // the cpu backend and, for tfjs-core in Node, the gradients
import * as tf from '@tensorflow/tfjs-core';

/** A tensor by value, to be made anew on each backend. */
export interface Input {
  readonly values: readonly number[] | Float32Array;
  readonly shape: readonly number[];
  readonly dtype?: 'float32' | 'int32' | 'bool';
}

/** Deterministic values in −1..1, so that a failing case is its shape alone. */
export function randomInput(shape: readonly number[], seed = 1): Input {
  let state = (seed * 2654435761 + 12345) >>> 0;
  const values = Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
  return { values, shape };
}

export type Outputs = tf.Tensor | readonly tf.Tensor[];

/** What a function gave on a backend, and how many tensors it left behind. */
export interface Outcome {
  readonly outputs: readonly { readonly dtype: tf.DataType; readonly shape: readonly number[]; readonly values: ArrayLike<number> }[];
  readonly leaked: number;
}

/** Runs a function of tensors on a backend and reads what it gives. */
export async function outcomeOn(backend: string, inputs: readonly Input[], run: (...tensors: tf.Tensor[]) => Outputs): Promise<Outcome> {
  if (!(await tf.setBackend(backend))) throw new Error(`the ${backend} backend did not start`);
  const before = tf.memory().numTensors;
  const tensors = inputs.map(({ values, shape, dtype }) => tf.tensor(values as number[], [...shape], dtype ?? 'float32'));
  const results = [tf.tidy(() => run(...tensors) as tf.Tensor[])].flat();
  const outputs = await Promise.all(
    results.map(async (output) => ({ dtype: output.dtype, shape: output.shape, values: await output.data() })),
  );
  tf.dispose([tensors, results]);
  return { outputs, leaked: tf.memory().numTensors - before };
}

/** The function's gradients for all its inputs, for an upstream gradient of fixed, uneven values. */
export function gradientsOf(run: (...tensors: tf.Tensor[]) => tf.Tensor): (...tensors: tf.Tensor[]) => tf.Tensor[] {
  return (...tensors) => {
    const weigh = (y: tf.Tensor) => tf.sum(tf.mul(y, tf.sin(tf.reshape(tf.range(0, y.size), y.shape))));
    return tf.grads((...xs: tf.Tensor[]) => weigh(run(...xs)))(tensors);
  };
}
