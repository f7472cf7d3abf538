import { Cos, type KernelConfig, Sin } from '@tensorflow/tfjs-core';

import { float32View, type WasmBackend } from '../heap.js';
import { FLOATS_AT_A_TIME } from '../loops/loop-module.js';
import { loopsOf } from '../loops/loops.js';
import { LARGEST_ANGLE } from '../loops/sine-loop.js';
import { shippedKernel } from '../shipped-kernel.js';

/** Four at a time; the shipped kernel takes one at a time. Numbers that are too large for this loop, and NaN, are left to JavaScript. */
function kernel(name: typeof Sin | typeof Cos, loop: 'sin' | 'cos'): KernelConfig {
  const shipped = shippedKernel(name);
  return {
    ...shipped,
    kernelFunc: (params) => {
      const x = params.inputs['x']!;
      if (x.dtype !== 'float32') return shipped.kernelFunc(params);
      const backend = params.backend as WasmBackend;
      const out = backend.makeOutput(x.shape, 'float32');
      const [source, target] = [float32View(backend, x), float32View(backend, out)];
      const whole = source.length - (source.length % FLOATS_AT_A_TIME);
      const strange = loopsOf(backend)[loop](source.byteOffset, target.byteOffset, whole * 4);
      const isLeft = (i: number) => i >= whole || !(Math.abs(source[i]!) < LARGEST_ANGLE);
      for (let i = strange ? 0 : whole; i < source.length; i++) if (isLeft(i)) target[i] = Math[loop](source[i]!);
      return out;
    },
  };
}

export const sinConfig: KernelConfig = kernel(Sin, 'sin');
export const cosConfig: KernelConfig = kernel(Cos, 'cos');
