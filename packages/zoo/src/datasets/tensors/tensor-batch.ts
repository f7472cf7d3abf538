import * as tf from '@tensorflow/tfjs-core';

import { assertIndices, imageBatch } from '../image-batch.js';
import { type Dataset, isTensorDataset, type LabeledDataset, type TensorDataset } from './tensor-dataset.js';

/** A batch in the form that networks and losses read. */
export interface TensorBatch {
  /** `[batch, …shape]`, float32 or int32 as the data set has them. */
  readonly inputs: tf.Tensor;
  /** `[batch]`, int32, if the data set has labels. */
  readonly labels?: tf.Tensor1D;
  /** `[batch, …targetShape]`, float32, if the data set has targets. */
  readonly targets?: tf.Tensor;
}

/**
 * Gathers inputs of a data set as one batch, with their labels and targets.
 *
 * @param indices which inputs, in the batch's order; repeats are fine
 * @returns tensors that the caller disposes
 * @throws NetSpaceError `INVALID_OPTION` if an index is not one of the data set's
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { createTensorDataset, tensorBatch } from '@netspace/zoo';
 *
 * const squares = { inputs: Float32Array.of(1, 2, 3), shape: [1], targets: Float32Array.of(1, 4, 9), targetShape: [1] };
 * const { inputs, targets } = tensorBatch(createTensorDataset({ name: 'squares', ...squares }), [2, 0]);
 * console.log([...(await inputs.data())], [...(await targets!.data())]); // [ 3, 1 ] [ 9, 1 ]
 * ```
 */
export function tensorBatch(dataset: TensorDataset, indices: ArrayLike<number>): TensorBatch {
  const inputs = inputsOf(dataset, indices);
  const { labels, targets, targetShape = [] } = dataset;
  return {
    inputs,
    ...(labels && {
      labels: tf.tensor1d(
        Int32Array.from(indices, (index) => labels[index]!),
        'int32',
      ),
    }),
    ...(targets && { targets: gathered(targets, targetShape, indices) }),
  };
}

/** Inputs of a data set as networks take them, `[batch, …]`; images of bytes normalized. */
export function inputsOf(dataset: Dataset, indices: ArrayLike<number>): tf.Tensor {
  if (!isTensorDataset(dataset)) {
    const { images, labels } = imageBatch(dataset, indices);
    labels.dispose();
    return images;
  }
  assertIndices('tensorBatch', dataset, indices);
  return gathered(dataset.inputs, dataset.shape, indices);
}

/** Inputs and labels of either kind of data set. */
export function labeledBatch(
  dataset: LabeledDataset,
  indices: ArrayLike<number>,
): { readonly images: tf.Tensor; readonly labels: tf.Tensor1D } {
  if (!isTensorDataset(dataset)) return imageBatch(dataset, indices);
  const { inputs, labels } = tensorBatch(dataset, indices);
  return { images: inputs, labels: labels! }; // labeled tensors have labels
}

function gathered(all: Float32Array | Int32Array, shape: readonly number[], indices: ArrayLike<number>): tf.Tensor {
  const size = shape.reduce((product, side) => product * side, 1);
  const values = all instanceof Int32Array ? new Int32Array(indices.length * size) : new Float32Array(indices.length * size);
  for (let k = 0; k < indices.length; k++) values.set(all.subarray(indices[k]! * size, (indices[k]! + 1) * size), k * size);
  return tf.tensor(values, [indices.length, ...shape], all instanceof Int32Array ? 'int32' : 'float32');
}
