import { type KernelConfig, MaxPool, MaxPool3D, type MaxPool3DAttrs, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs-core';

import { maxPool3DStages, type Stage } from '../../max-pool3d-stages.js';
import type { WasmBackend } from '../heap.js';
import { runKernel } from '../run-kernel.js';

/**
 * Maxima over depth, height and width. As shipped, a window of negative values gives C++'s `numeric_limits<float>::min()`, the smallest positive
 * number, from which the search starts.
 */
export const maxPool3DConfig: KernelConfig = {
  kernelName: MaxPool3D,
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const wasm = backend as WasmBackend;
    const x = inputs['x']!;
    const { overPlanes, overDepth, outShape } = maxPool3DStages(x.shape, attrs as unknown as MaxPool3DAttrs);
    const pool = (input: TensorInfo, { shape, attrs: own }: Stage): TensorInfo =>
      runKernel(MaxPool, wasm, { x: { ...input, shape: [...shape] } }, own as NamedAttrMap);
    const planes = pool(x, overPlanes);
    const maxima = pool(planes, overDepth);
    wasm.disposeData(planes.dataId);
    return { ...maxima, shape: [...outShape] };
  },
};
