import { type DataStorage, FusedConv2D, type KernelConfig, Slice, type TensorInfo } from '@tensorflow/tfjs-core';

import type { WasmBackend } from '../heap.js';
import { runKernel } from '../run-kernel.js';
import { withExplicitPadding } from './same-padding.js';

/** The backend with one of its private fields: the shape that each tensor's data was made with. */
type BackendWithData = WasmBackend & { readonly dataIdMap: DataStorage<{ readonly shape: readonly number[] }> };

const padded = withExplicitPadding(FusedConv2D, false);

/**
 * `tf.fused.conv2d` whose bias may be a view, such as one part of an unstacked matrix. The shipped kernel refuses such a bias because of
 * the rank of its data.
 */
export const fusedConv2DConfig: KernelConfig = {
  ...padded,
  kernelFunc: (params) => {
    const wasm = params.backend as BackendWithData;
    const bias = params.inputs['bias'] as TensorInfo | undefined;
    if (bias === undefined || wasm.dataIdMap.get(bias.dataId).shape.length === 1) return padded.kernelFunc(params);
    const copy = runKernel(Slice, wasm, { x: bias }, { begin: [0], size: [...bias.shape] });
    const output = padded.kernelFunc({ ...params, inputs: { ...params.inputs, bias: copy } });
    wasm.disposeData(copy.dataId);
    return output;
  },
};
