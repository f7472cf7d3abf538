import { AddN, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';

import { shippedKernel } from '../shipped-kernel.js';

const shipped = shippedKernel('webgpu', AddN);

/** A shader may bind eight buffers on any device; one is the sum. */
const AT_ONCE = 7;

/** `tf.addN` of any number of tensors. In the shipped kernel, more than seven tensors need more buffers than every device allows. */
export const addNConfig: KernelConfig = {
  ...shipped,
  kernelFunc: (params) => {
    const backend = params.backend as { disposeData(dataId: object): void };
    const [first, ...rest] = Object.values(params.inputs) as [TensorInfo, ...TensorInfo[]];
    let sum = first;
    for (let at = 0; at < Math.max(1, rest.length); at += AT_ONCE - 1) {
      const terms = [sum, ...rest.slice(at, at + AT_ONCE - 1)];
      const result = shipped.kernelFunc({ ...params, inputs: terms as never });
      if (sum !== first) backend.disposeData(sum.dataId);
      sum = Array.isArray(result) ? result[0]! : result;
    }
    return sum;
  },
};
