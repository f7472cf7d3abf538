import { DepthwiseConv2dNativeBackpropFilter, type KernelConfig } from '@tensorflow/tfjs-core';

import { conv2DGeometry } from '../../conv2d-geometry.js';
import { forEachDepthwiseTap } from './depthwise-taps.js';
import { float32View, type WasmBackend } from '../heap.js';

/** Gradient of a depthwise convolution for its filter, which tfjs-backend-wasm lacks. */
export const depthwiseBackpropFilterConfig: KernelConfig = {
  kernelName: DepthwiseConv2dNativeBackpropFilter,
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const wasm = backend as WasmBackend;
    const [x, dy] = [inputs['x']!, inputs['dy']!];
    const geometry = conv2DGeometry('DepthwiseConv2dNativeBackpropFilter', x.shape, attrs!['filterShape'] as number[], attrs!, true);
    const { inChannels, outChannels } = geometry;
    const multiplier = outChannels / inChannels;
    const out = wasm.makeOutput(geometry.filterShape, 'float32');
    const xValues = float32View(wasm, x);
    const dyValues = float32View(wasm, dy);
    const dw = float32View(wasm, out);
    dw.fill(0);
    forEachDepthwiseTap(geometry, (input, output, filter) => {
      for (let c = 0, d = 0; c < inChannels; c++) {
        const value = xValues[input + c]!;
        for (let m = 0; m < multiplier; m++, d++) dw[filter + d] = dw[filter + d]! + value * dyValues[output + d]!;
      }
    });
    return out;
  },
};
