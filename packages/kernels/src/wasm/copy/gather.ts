import { backend_util, GatherV2, type KernelConfig, type TypedArray, util } from '@tensorflow/tfjs-core';

import type { WasmBackend } from '../heap.js';
import { shippedKernel } from '../shipped-kernel.js';

const shipped = shippedKernel(GatherV2);

/** Runs shorter than this are copied by a loop: `set` costs a call and a view each time. */
const SHORT_RUN = 24;

/** `tf.gather` by whole runs of neighbors. The shipped kernel computes every element's place from its index in all dimensions. */
export const gatherV2Config: KernelConfig = {
  ...shipped,
  kernelFunc: (params) => {
    const [x, indices] = [params.inputs['x']!, params.inputs['indices']!];
    const axis = util.parseAxisParam(params.attrs!['axis'] as number, x.shape)[0]!;
    const batchDims = (params.attrs!['batchDims'] as number | undefined) ?? 0;
    if (batchDims !== 0 || x.dtype === 'string' || x.shape.includes(0)) return shipped.kernelFunc(params);
    const wasm = params.backend as WasmBackend;
    const shapes = backend_util.segment_util.collectGatherOpShapeInfo(x, indices, axis, batchDims);
    const { outerSize, dimSize, sliceSize, outputShape } = shapes;
    const out = wasm.makeOutput(outputShape, x.dtype);
    const places = wasm.typedArrayFromHeap(indices);
    checkPlaces(places, dimSize);
    const [source, target] = [wasm.typedArrayFromHeap(x), wasm.typedArrayFromHeap(out)];
    for (let outer = 0, to = 0; outer < outerSize; outer++) {
      for (let i = 0, run = 1; i < places.length; i += run, run = 1) {
        while (places[i + run] === places[i]! + run) run++; // neighbors, in one go
        copyRun(source, (outer * dimSize + places[i]!) * sliceSize, target, to, run * sliceSize);
        to += run * sliceSize;
      }
    }
    return out;
  },
};

function copyRun(source: TypedArray, from: number, target: TypedArray, to: number, length: number): void {
  if (length >= SHORT_RUN) target.set(source.subarray(from, from + length), to);
  else for (let k = 0; k < length; k++) target[to + k] = source[from + k]!;
}

function checkPlaces(places: TypedArray, size: number): void {
  for (const place of places) {
    if (!(place >= 0 && place < size)) throw new Error(`gather: expected indices from 0 to ${size - 1}, got ${place}; correct them`);
  }
}
