import {
  BatchMatMul,
  reshape,
  type KernelConfig,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';

import { shippedKernel } from '../shipped-kernel.js';
import { asTensor } from './as-tensor.js';
import { inPrecision, type Work, workOfProduct } from './in-bfloat16.js';
import { runOp } from './node-backend.js';

const shipped = shippedKernel('tensorflow', BatchMatMul);

/** Products of single matrices by TensorFlow's `MatMul`, 1.1 to 1.4 times as fast as its `BatchMatMulV2`. Batches still use the latter. */
export const batchMatMulConfig: KernelConfig = {
  ...shipped,
  kernelFunc: (params) => {
    const { inputs, attrs, backend } = params;
    const [a, b] = [asMatrix(inputs['a']!), asMatrix(inputs['b']!)];
    const typed = isFloat(inputs['a']!) && isFloat(inputs['b']!) ? inPrecision(backend, workOf(params)) : backend;
    if (a === undefined || b === undefined) return shipped.kernelFunc({ ...params, backend: typed });
    const product = runOp(typed, 'MatMul', [a, b], {
      transpose_a: attrs!['transposeA'] === true,
      transpose_b: attrs!['transposeB'] === true,
    });
    const leading = Math.max(inputs['a']!.shape.length, inputs['b']!.shape.length) - 2;
    return leading === 0 ? product : reshape(product, [...Array<number>(leading).fill(1), ...product.shape]);
  },
};

const isFloat = ({ dtype }: TensorInfo): boolean => dtype === 'float32';

function workOf({ inputs, attrs }: { readonly inputs: NamedTensorInfoMap; readonly attrs?: NamedAttrMap }): Work {
  const [a, b] = [inputs['a']!.shape, inputs['b']!.shape];
  const [rows, inner] = attrs!['transposeA'] === true ? [a.at(-1)!, a.at(-2)!] : [a.at(-2)!, a.at(-1)!];
  const batch = Math.max(...[a, b].map((shape) => shape.slice(0, -2).reduce((product, size) => product * size, 1)));
  return workOfProduct(rows, inner, attrs!['transposeB'] === true ? b.at(-2)! : b.at(-1)!, batch);
}

/** The matrix of a batch of one; undefined for a batch of several, or for another data type than float32. */
function asMatrix(x: TensorInfo): TensorInfo | undefined {
  if (!isFloat(x) || x.shape.slice(0, -2).some((size) => size !== 1)) return undefined;
  return x.shape.length === 2 ? x : reshape(asTensor(x), x.shape.slice(-2));
}
