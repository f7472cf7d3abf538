import { Identity, type KernelConfig } from '@tensorflow/tfjs-core';

import type { WasmBackend } from '../heap.js';
import { shippedKernel } from '../shipped-kernel.js';

const shipped = shippedKernel(Identity);

/** A second handle on the tensor's data, as on the other backends. The shipped kernel copies the data at every `clone`. */
export const identityConfig: KernelConfig = {
  ...shipped,
  kernelFunc: (params) => {
    const { dataId, shape, dtype } = params.inputs['x']!;
    if (dtype === 'string') return shipped.kernelFunc(params);
    (params.backend as WasmBackend).incRef(dataId);
    return { dataId, shape, dtype };
  },
};
