import { Cumsum, getKernel, type KernelConfig, Reverse, type TensorInfo } from '@tensorflow/tfjs-core';

import { shippedKernel } from '../shipped-kernel.js';

const shipped = shippedKernel('webgpu', Cumsum);

/**
 * Running sums, also backwards, which are the gradients of those forwards. As shipped, one shader goes backwards over axes of any length, and has
 * the length of the first axis that it saw written into it.
 */
export const cumsumConfig: KernelConfig = {
  ...shipped,
  kernelFunc: (params) => {
    const { inputs, backend, attrs } = params;
    if (attrs!['reverse'] !== true) return shipped.kernelFunc(params);
    const x = inputs['x']!;
    const axis = Number(attrs!['axis'] ?? 0);
    const reversed = (info: TensorInfo) => one(getKernel(Reverse, 'webgpu').kernelFunc({ inputs: { x: info }, backend, attrs: { dims: [axis < 0 ? axis + x.shape.length : axis] } })); // prettier-ignore
    const backwards = reversed(x);
    const sums = one(shipped.kernelFunc({ inputs: { x: backwards }, backend, attrs: { ...attrs, reverse: false } }));
    const result = reversed(sums);
    for (const { dataId } of [backwards, sums]) (backend as { disposeData(dataId: object): void }).disposeData(dataId);
    return result;
  },
};

const one = (result: TensorInfo | TensorInfo[]): TensorInfo => {
  const { dataId, dtype, shape } = Array.isArray(result) ? result[0]! : result;
  return { dataId, dtype, shape };
};
