import { type KernelConfig, Select, type TensorInfo, util } from '@tensorflow/tfjs-core';

import { shippedKernel } from '../shipped-kernel.js';

const shipped = shippedKernel('webgpu', Select);

/** The rank up to which the shipped kernel goes. */
const MAX_RANK = 4;

/** `tf.where` of any rank (the gradients of leaky and parametric ReLU are one); the shipped kernel refuses more than four dimensions. */
export const selectConfig: KernelConfig = {
  ...shipped,
  kernelFunc: (params) => {
    const [condition, t, e] = [params.inputs['condition']!, params.inputs['t']!, params.inputs['e']!];
    if (t.shape.length <= MAX_RANK || !util.arraysEqual(condition.shape, t.shape)) return shipped.kernelFunc(params);
    const result = shipped.kernelFunc({ ...params, inputs: { condition: flat(condition), t: flat(t), e: flat(e) } });
    const { dataId, dtype } = Array.isArray(result) ? result[0]! : result;
    return { dataId, dtype, shape: t.shape };
  },
};

const flat = ({ dataId, dtype, shape }: TensorInfo): TensorInfo => ({ dataId, dtype, shape: [util.sizeFromShape(shape)] });
