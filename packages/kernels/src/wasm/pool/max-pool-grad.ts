import { type backend_util, type KernelConfig, MaxPoolGrad } from '@tensorflow/tfjs-core';

import { float32View, type WasmBackend } from '../heap.js';
import { shippedKernel } from '../shipped-kernel.js';
import { poolGeometry } from './pool-geometry.js';

/**
 * Gradient of max pooling: each output's gradient goes to the first of its window's maxima. As shipped, a window of negative
 * values loses its gradient (the search starts from C++'s `numeric_limits<float>::min()`, the smallest positive number).
 */
export const maxPoolGradConfig: KernelConfig = {
  ...shippedKernel(MaxPoolGrad),
  kernelFunc: ({ inputs, backend, attrs }) => {
    const wasm = backend as WasmBackend;
    const input = inputs['input']!;
    const geometry = poolGeometry(input, attrs!);
    const out = wasm.makeOutput(input.shape, 'float32');
    const dx = float32View(wasm, out);
    dx.fill(0);
    scatterToMaxima(float32View(wasm, input), float32View(wasm, inputs['dy']!), dx, geometry);
    return out;
  },
};

function scatterToMaxima(x: Float32Array, dy: Float32Array, dx: Float32Array, geometry: backend_util.Conv2DInfo): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, strideHeight, strideWidth } = geometry;
  const { effectiveFilterHeight, effectiveFilterWidth, padInfo } = geometry;
  let output = 0;
  for (let b = 0; b < batchSize; b++) {
    for (let oh = 0; oh < outHeight; oh++) {
      const top = oh * strideHeight - padInfo.top;
      const [firstRow, lastRow] = [Math.max(0, top), Math.min(inHeight, top + effectiveFilterHeight)];
      for (let ow = 0; ow < outWidth; ow++) {
        const left = ow * strideWidth - padInfo.left;
        const [firstColumn, lastColumn] = [Math.max(0, left), Math.min(inWidth, left + effectiveFilterWidth)];
        for (let c = 0; c < inChannels; c++) {
          let best = -1;
          for (let row = firstRow; row < lastRow; row++) {
            for (let column = firstColumn; column < lastColumn; column++) {
              const at = ((b * inHeight + row) * inWidth + column) * inChannels + c;
              if (best < 0 || x[at]! > x[best]!) best = at;
            }
          }
          if (best >= 0) dx[best] = dx[best]! + dy[output]!;
          output++;
        }
      }
    }
  }
}
