import { BatchMatMul, reshape, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';

import { shippedKernel } from '../shipped-kernel.js';
import { asTensor } from './as-tensor.js';
import { runOp } from './node-backend.js';

const shipped = shippedKernel('tensorflow', BatchMatMul);

/** Products of single matrices by TensorFlow's `MatMul`, 1.1 to 1.4 times as fast as its `BatchMatMulV2`. Batches still use the latter. */
export const batchMatMulConfig: KernelConfig = {
  ...shipped,
  kernelFunc: (params) => {
    const { inputs, attrs, backend } = params;
    const [a, b] = [asMatrix(inputs['a']!), asMatrix(inputs['b']!)];
    if (a === undefined || b === undefined) return shipped.kernelFunc(params);
    const product = runOp(backend, 'MatMul', [a, b], {
      transpose_a: attrs!['transposeA'] === true,
      transpose_b: attrs!['transposeB'] === true,
    });
    const leading = Math.max(inputs['a']!.shape.length, inputs['b']!.shape.length) - 2;
    return leading === 0 ? product : reshape(product, [...Array<number>(leading).fill(1), ...product.shape]);
  },
};

/** The matrix of a batch of one; undefined for a batch of several, or for another data type than float32. */
function asMatrix(x: TensorInfo): TensorInfo | undefined {
  if (x.dtype !== 'float32' || x.shape.slice(0, -2).some((size) => size !== 1)) return undefined;
  return x.shape.length === 2 ? x : reshape(asTensor(x), x.shape.slice(-2));
}
