import { DepthwiseConv2dNativeBackpropInput, type KernelConfig } from '@tensorflow/tfjs-core';

import { conv2DGeometry } from '../../conv2d-geometry.js';
import { forEachDepthwiseTap } from './depthwise-taps.js';
import { float32View, type WasmBackend } from '../heap.js';

/** Gradient of a depthwise convolution for its input, which tfjs-backend-wasm lacks. */
export const depthwiseBackpropInputConfig: KernelConfig = {
  kernelName: DepthwiseConv2dNativeBackpropInput,
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const wasm = backend as WasmBackend;
    const [dy, filter] = [inputs['dy']!, inputs['filter']!];
    const geometry = conv2DGeometry('DepthwiseConv2dNativeBackpropInput', attrs!['inputShape'] as number[], filter.shape, attrs!, true);
    const { inChannels, outChannels } = geometry;
    const multiplier = outChannels / inChannels;
    const out = wasm.makeOutput(geometry.inShape, 'float32');
    const dyValues = float32View(wasm, dy);
    const weights = float32View(wasm, filter);
    const dx = float32View(wasm, out);
    dx.fill(0);
    forEachDepthwiseTap(geometry, (input, output, tap) => {
      for (let c = 0, d = 0; c < inChannels; c++) {
        let sum = 0;
        for (let m = 0; m < multiplier; m++, d++) sum += dyValues[output + d]! * weights[tap + d]!;
        dx[input + c] = dx[input + c]! + sum;
      }
    });
    return out;
  },
};
