import { type KernelConfig, Maximum, Minimum } from '@tensorflow/tfjs-core';

import { broadcastKernel } from './broadcast-kernel.js';

/** `max(a, b)` and `min(a, b)`; NaN if either is NaN, as on other backends. In the shipped kernel a NaN of `b` vanishes. */
export const extremeConfigs: readonly KernelConfig[] = [
  extremeConfig(Maximum, (a, b) => Math.max(a, b)),
  extremeConfig(Minimum, (a, b) => Math.min(a, b)),
];

function extremeConfig(name: string, choose: (a: number, b: number) => number): KernelConfig {
  return broadcastKernel(name, 'float32', (a, b, out, run) => {
    for (let i = 0; i < run.length; i++) {
      out[run.out + i] = choose(a[run.a + (run.aMoves ? i : 0)]!, b[run.b + (run.bMoves ? i : 0)]!);
    }
  });
}
