import * as tf from '@tensorflow/tfjs-core';

import { leaf } from './axis.js';
import { type Label, labelOf } from './label.js';

/** Larger constants are not read: their axes are taken to be in order. */
const MOST_NUMBERS = 1 << 22;

/**
 * What is known of a tensor that depends neither on the parameters nor on the input. Where all numbers along an axis are the same, they are so
 * in any order; other axes are pinned.
 */
export function constantLabel(tensor: tf.Tensor): Label {
  const values = tensor.size <= MOST_NUMBERS && tensor.dtype !== 'string' ? read(tensor) : undefined;
  const axes = tensor.shape.map((size, axis) =>
    leaf(size, values === undefined || size === 1 || !isConstantAlong(values, tensor.shape, axis)),
  );
  return { ...labelOf(axes, tensor.dtype), scalar: tensor.size === 1 ? values?.[0] : undefined };
}

/** Some backends cannot read at once; the tensor counts as unknown then. */
function read(tensor: tf.Tensor): ArrayLike<number> | undefined {
  try {
    // This is what no await is for: an architecture runs synchronously.
    return tf.engine().readSync(tensor.dataId) as Float32Array;
  } catch {
    return undefined;
  }
}

function isConstantAlong(values: ArrayLike<number>, shape: readonly number[], axis: number): boolean {
  const stride = shape.slice(axis + 1).reduce((total, size) => total * size, 1);
  const span = stride * shape[axis]!;
  for (let i = 0; i < values.length; i++) {
    const first = i - Math.floor((i % span) / stride) * stride;
    if (!Object.is(values[i], values[first])) return false;
  }
  return true;
}
