import '@tensorflow/tfjs'; // registers the cpu backend and, for tfjs-core in Node, the gradients
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe } from 'vitest';

import '@netspace/kernels/wasm';

export type TestRuntime = 'cpu' | 'wasm';

/** Runs a suite once on every runtime that any machine has; each gets its own `describe` block named after it. */
export function describeOnRuntimes(
  name: string,
  suite: (runtime: TestRuntime) => void,
  { runtimes = ['cpu', 'wasm'] }: { readonly runtimes?: readonly TestRuntime[] } = {},
): void {
  describe.each(runtimes)(`${name} on %s`, (runtime) => {
    beforeAll(async () => {
      if (!(await tf.setBackend(runtime))) throw new Error(`the ${runtime} backend did not start`);
      await tf.ready();
    });
    suite(runtime);
  });
}
