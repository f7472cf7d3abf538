import {
  backend_util,
  Conv3DBackpropFilterV2,
  type Conv3DBackpropFilterV2Attrs,
  Conv3DBackpropInputV2,
  type Conv3DBackpropInputV2Attrs,
  type KernelConfig,
} from '@tensorflow/tfjs-core';

import { float32View, type WasmBackend } from '../heap.js';

type Shape5D = [number, number, number, number, number];
type Geometry = backend_util.Conv3DInfo;

// tfjs-backend-wasm 4.22 ships both, and both give wrong values (4 % to a hundredfold off, without a word).

/** Gradient of a convolution over depth, height and width for its filter: dw[k, c, f] = Σ_b,o x[b, o s + k, c] dy[b, o, f]. */
const conv3DBackpropFilterConfig: KernelConfig = {
  kernelName: Conv3DBackpropFilterV2,
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const wasm = backend as WasmBackend;
    const [x, dy] = [inputs['x']!, inputs['dy']!];
    const { strides, pad, filterShape } = attrs as unknown as Conv3DBackpropFilterV2Attrs;
    const geometry = backend_util.computeConv3DInfo(x.shape as Shape5D, filterShape, strides, 1, pad);
    const out = wasm.makeOutput(filterShape, 'float32');
    const { inChannels, outChannels } = geometry;
    const xValues = float32View(wasm, x);
    const dyValues = float32View(wasm, dy);
    const dw = float32View(wasm, out);
    dw.fill(0);
    forEachTap(geometry, (input, output, filter) => {
      for (let c = 0, at = filter; c < inChannels; c++) {
        const value = xValues[input + c]!;
        for (let f = 0; f < outChannels; f++, at++) dw[at] = dw[at]! + value * dyValues[output + f]!;
      }
    });
    return out;
  },
};

/** Gradient of a convolution over depth, height and width for its input: dx[b, o s + k, c] = Σ_k,f w[k, c, f] dy[b, o, f]. */
const conv3DBackpropInputConfig: KernelConfig = {
  kernelName: Conv3DBackpropInputV2,
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const wasm = backend as WasmBackend;
    const [dy, w] = [inputs['dy']!, inputs['filter']!];
    const { strides, pad, inputShape } = attrs as unknown as Conv3DBackpropInputV2Attrs;
    const geometry = backend_util.computeConv3DInfo(inputShape, w.shape as Shape5D, strides, 1, pad);
    const out = wasm.makeOutput(inputShape, 'float32');
    const { inChannels, outChannels } = geometry;
    const dyValues = float32View(wasm, dy);
    const wValues = float32View(wasm, w);
    const dx = float32View(wasm, out);
    dx.fill(0);
    forEachTap(geometry, (input, output, filter) => {
      for (let c = 0, at = filter; c < inChannels; c++) {
        let sum = 0;
        for (let f = 0; f < outChannels; f++, at++) sum += wValues[at]! * dyValues[output + f]!;
        dx[input + c] = dx[input + c]! + sum;
      }
    });
    return out;
  },
};

export const conv3DGradientConfigs: readonly KernelConfig[] = [conv3DBackpropFilterConfig, conv3DBackpropInputConfig];

/** Calls `visit` with the offsets of the first channel of each product: in the input, in the output and in the filter. */
function forEachTap(geometry: Geometry, visit: (input: number, output: number, filter: number) => void): void {
  const { batchSize, inDepth, inHeight, inWidth, inChannels, outDepth, outHeight, outWidth, outChannels } = geometry;
  const { filterDepth, filterHeight, filterWidth, strideDepth, strideHeight, strideWidth, padInfo } = geometry;
  const taps = inChannels * outChannels;
  for (let b = 0, output = 0; b < batchSize; b++) {
    for (let od = 0; od < outDepth; od++) {
      for (let oh = 0; oh < outHeight; oh++) {
        for (let ow = 0; ow < outWidth; ow++, output += outChannels) {
          for (let kd = 0; kd < filterDepth; kd++) {
            const d = od * strideDepth + kd - padInfo.front;
            if (d < 0 || d >= inDepth) continue;
            for (let kh = 0; kh < filterHeight; kh++) {
              const h = oh * strideHeight + kh - padInfo.top;
              if (h < 0 || h >= inHeight) continue;
              for (let kw = 0; kw < filterWidth; kw++) {
                const w = ow * strideWidth + kw - padInfo.left;
                if (w < 0 || w >= inWidth) continue;
                const row = ((b * inDepth + d) * inHeight + h) * inWidth + w;
                visit(row * inChannels, output, ((kd * filterHeight + kh) * filterWidth + kw) * taps);
              }
            }
          }
        }
      }
    }
  }
}
