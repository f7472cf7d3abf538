import { AvgPoolGrad, type backend_util, type KernelConfig } from '@tensorflow/tfjs-core';

import { float32View, type WasmBackend } from '../heap.js';
import { shippedKernel } from '../shipped-kernel.js';
import { poolGeometry } from './pool-geometry.js';

/**
 * Gradient of average pooling: each output's gradient in equal parts to the pixels of its window. As shipped (and on cpu) windows
 * that reach into the padding divide by the whole filter, although the pooling itself divides by the pixels alone.
 */
export const avgPoolGradConfig: KernelConfig = {
  ...shippedKernel(AvgPoolGrad),
  kernelFunc: ({ inputs, backend, attrs }) => {
    const wasm = backend as WasmBackend;
    const input = inputs['input']!;
    const geometry = poolGeometry(input, attrs!);
    const out = wasm.makeOutput(input.shape, 'float32');
    const dx = float32View(wasm, out).fill(0);
    spread(float32View(wasm, inputs['dy']!), dx, geometry);
    return out;
  },
};

function spread(dy: Float32Array, dx: Float32Array, geometry: backend_util.Conv2DInfo): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, strideHeight, strideWidth } = geometry;
  const { effectiveFilterHeight, effectiveFilterWidth, padInfo } = geometry;
  for (let b = 0, output = 0; b < batchSize; b++) {
    for (let oh = 0; oh < outHeight; oh++) {
      const top = oh * strideHeight - padInfo.top;
      const [firstRow, lastRow] = [Math.max(0, top), Math.min(inHeight, top + effectiveFilterHeight)];
      for (let ow = 0; ow < outWidth; ow++, output += inChannels) {
        const left = ow * strideWidth - padInfo.left;
        const [firstColumn, lastColumn] = [Math.max(0, left), Math.min(inWidth, left + effectiveFilterWidth)];
        const share = 1 / ((lastRow - firstRow) * (lastColumn - firstColumn));
        for (let row = firstRow; row < lastRow; row++) {
          for (let column = firstColumn; column < lastColumn; column++) {
            const at = ((b * inHeight + row) * inWidth + column) * inChannels;
            for (let c = 0; c < inChannels; c++) dx[at + c] = dx[at + c]! + dy[output + c]! * share;
          }
        }
      }
    }
  }
}
