import { Tensor, type Tensor4D, type TensorInfo } from '@tensorflow/tfjs-core';

/** What tfjs hands to a kernel, and tfjs-node's kernels hand back, as a description is the tensor itself. */
export function asTensor4D(info: TensorInfo | readonly TensorInfo[]): Tensor4D {
  if (!(info instanceof Tensor) || info.rank !== 4) throw new Error('tensorflow kernel: expected a tensor of rank 4, got something else');
  return info as Tensor4D;
}
