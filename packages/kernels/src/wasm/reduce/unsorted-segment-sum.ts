import { UnsortedSegmentSum, util, type KernelConfig } from '@tensorflow/tfjs-core';

import { float32View, type WasmBackend } from '../heap.js';

/** Adds rows by segment id (the gradient of `tf.gather`); negative ids are dropped, as the op's definition says. */
export const unsortedSegmentSumConfig: KernelConfig = {
  kernelName: UnsortedSegmentSum,
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const wasm = backend as WasmBackend;
    const x = inputs['x']!;
    const segmentIds = inputs['segmentIds']!;
    const segments = attrs!['numSegments'] as number;
    const rowShape = x.shape.slice(segmentIds.shape.length);
    const out = wasm.makeOutput([segments, ...rowShape], x.dtype);
    const rowSize = util.sizeFromShape(rowShape);
    const ids = wasm.typedArrayFromHeap(segmentIds);
    const source = float32View(wasm, x);
    const target = float32View(wasm, out);
    target.fill(0);
    for (let row = 0; row < ids.length; row++) {
      const id = ids[row]!;
      if (id < 0 || id >= segments) continue;
      for (let k = 0; k < rowSize; k++) target[id * rowSize + k] = target[id * rowSize + k]! + source[row * rowSize + k]!;
    }
    return out;
  },
};
