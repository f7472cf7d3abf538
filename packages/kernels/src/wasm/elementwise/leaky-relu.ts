import { type KernelConfig, LeakyRelu } from '@tensorflow/tfjs-core';

import { float32View, type WasmBackend } from '../heap.js';
import { FLOATS_AT_A_TIME } from '../loops/loop-module.js';
import { loopsOf } from '../loops/loops.js';
import { shippedKernel } from '../shipped-kernel.js';

const shipped = shippedKernel(LeakyRelu);

/** `x > 0 ? x : alpha · x`, four at a time; as shipped, one at a time through a general parametric kernel. */
export const leakyReluConfig: KernelConfig = {
  ...shipped,
  kernelFunc: (params) => {
    const x = params.inputs['x']!;
    if (x.dtype !== 'float32') return shipped.kernelFunc(params);
    const backend = params.backend as WasmBackend;
    const alpha = params.attrs!['alpha'] as number;
    const out = backend.makeOutput(x.shape, 'float32');
    const [source, target] = [float32View(backend, x), float32View(backend, out)];
    const whole = source.length - (source.length % FLOATS_AT_A_TIME);
    loopsOf(backend).leakyRelu(source.byteOffset, target.byteOffset, whole * 4, floatBits(alpha));
    for (let i = whole; i < source.length; i++) target[i] = source[i]! > 0 ? source[i]! : source[i]! * alpha;
    return out;
  },
};

const floatBits = (value: number): number => new Int32Array(Float32Array.of(value).buffer)[0]!;
