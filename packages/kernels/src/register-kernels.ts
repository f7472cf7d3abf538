import { getKernelsForBackend, registerKernel, unregisterKernel, type KernelConfig } from '@tensorflow/tfjs-core';

/** Registers kernels over whatever their backends have under the same names, without tfjs's warning about it. */
export function registerKernels(configs: readonly KernelConfig[]): void {
  for (const config of configs) {
    if (isRegistered(config)) unregisterKernel(config.kernelName, config.backendName);
    registerKernel(config);
  }
}

const isRegistered = ({ kernelName, backendName }: KernelConfig): boolean =>
  getKernelsForBackend(backendName).some((known) => known.kernelName === kernelName);
