import { type KernelConfig, PadV2, type TensorInfo } from '@tensorflow/tfjs-core';

import { shippedKernel } from '../shipped-kernel.js';
import { foldPadding, paddedShape, type PadPair } from './fold-padding.js';

const shipped = shippedKernel('webgpu', PadV2);

/** The rank up to which the shipped shader compiles. */
const MAX_RANK = 4;

/**
 * `tf.pad` of any rank (the gradient of `tf.slice` is one). In the shipped kernel, five or six dimensions give zeros, and the shader's
 * error only goes to the console.
 */
export const padV2Config: KernelConfig = {
  ...shipped,
  kernelFunc: (params) => {
    const x = params.inputs['x']!;
    const paddings = params.attrs!['paddings'] as readonly PadPair[] as [number, number][];
    if (x.shape.length <= MAX_RANK) return shipped.kernelFunc(params);
    const backend = params.backend as { disposeData(dataId: object): void };
    let padded: TensorInfo = x;
    for (const step of foldPadding(x.shape, paddings)) {
      const attrs = { ...params.attrs, paddings: step.paddings };
      const result = shipped.kernelFunc({ ...params, inputs: { x: { ...describe(padded), shape: step.shape } }, attrs });
      if (padded !== x) backend.disposeData(padded.dataId);
      padded = describe(Array.isArray(result) ? result[0]! : result);
    }
    return { ...padded, shape: paddedShape(x.shape, paddings) };
  },
};

const describe = ({ dataId, dtype, shape }: TensorInfo): TensorInfo => ({ dataId, dtype, shape });
