import { Tensor, type Tensor4D, type TensorInfo } from '@tensorflow/tfjs-core';

/**
 * tfjs passes tensors to a kernel, and tfjs-node's kernels return them, under the type of a description. The value is the tensor itself.
 */
export function asTensor(info: TensorInfo | readonly TensorInfo[]): Tensor {
  if (!(info instanceof Tensor)) throw new Error('tensorflow kernel: expected a tensor, got something else');
  return info as Tensor;
}

/** {@link asTensor}, of rank 4. */
export function asTensor4D(info: TensorInfo | readonly TensorInfo[]): Tensor4D {
  const tensor = asTensor(info);
  if (tensor.rank !== 4) throw new Error(`tensorflow kernel: expected a tensor of rank 4, got one of rank ${tensor.rank}`);
  return tensor as Tensor4D;
}
