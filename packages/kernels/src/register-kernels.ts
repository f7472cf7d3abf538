import { getKernelsForBackend, registerKernel, unregisterKernel, type KernelConfig } from '@tensorflow/tfjs-core';

/**
 * Registers kernels in place of those that their backends have under the same names, without tfjs's warning.
 *
 * @example
 * ```ts
 * import { registerKernels } from '@netspace/kernels';
 * import '@tensorflow/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const slow = tf.getKernel('Square', 'cpu')!;
 * let calls = 0;
 * registerKernels([{ ...slow, kernelFunc: (params) => (calls++, slow.kernelFunc(params)) }]);
 * await tf.setBackend('cpu');
 * tf.square(3).dispose();
 * console.log(calls); // 1
 * registerKernels([slow]);
 * ```
 */
export function registerKernels(configs: readonly KernelConfig[]): void {
  for (const config of configs) {
    if (isRegistered(config)) unregisterKernel(config.kernelName, config.backendName);
    registerKernel(config);
  }
}

const isRegistered = ({ kernelName, backendName }: KernelConfig): boolean =>
  getKernelsForBackend(backendName).some((known) => known.kernelName === kernelName);
