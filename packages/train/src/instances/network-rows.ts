import { type ParameterSpec, tensorShape } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

/** All parameters of each network in one row: an optimizer then moves one variable. `[networks, parameters]` */
const rowsOf = (networks: readonly (readonly tf.Tensor[])[]): tf.Tensor2D =>
  tf.tidy(() => tf.stack(networks.map((tensors) => tf.concat1d(tensors.map(flat)))) as tf.Tensor2D);

/** The same of networks whose own tensors are no longer needed. */
export function rowsOfNew(networks: readonly (readonly tf.Tensor[])[]): tf.Tensor2D {
  const rows = rowsOf(networks);
  tf.dispose(networks.flat());
  return rows;
}

/** The tensors of all networks out of their rows, one a spec with a leading axis of networks. Differentiable. */
export function tensorsOfRows(rows: tf.Tensor2D, specs: readonly ParameterSpec[]): tf.Tensor[] {
  const shapes = specs.map(tensorShape);
  const parts = tf.split(rows, shapes.map(tf.util.sizeFromShape), 1);
  return parts.map((part, i) => tf.reshape(part, [rows.shape[0], ...shapes[i]!]));
}

/** The tensors of one network, of its own; the caller disposes them. */
export const tensorsOfRow = (rows: tf.Tensor2D, network: number, specs: readonly ParameterSpec[]): tf.Tensor[] =>
  tf.tidy(() =>
    tensorsOfRows(tf.slice2d(rows, [network, 0], [1, -1]), specs).map((tensor, i) => tf.reshape(tensor, tensorShape(specs[i]!))),
  );

/** The name of the parameter that holds a place of a row. */
export function parameterAt(place: number, specs: readonly ParameterSpec[]): string {
  let end = 0;
  return specs.find((spec) => (end += tf.util.sizeFromShape(spec.shape as number[])) > place)?.name ?? String(place);
}

const flat = (tensor: tf.Tensor): tf.Tensor1D => tf.reshape(tensor, [tensor.size]);
