import { getKernelsForBackend, type KernelConfig } from '@tensorflow/tfjs-core';

/** A kernel as tfjs-node ships it; look it up while a module loads, before ours takes its name. */
export function shippedKernel(name: string): KernelConfig {
  const config = getKernelsForBackend('tensorflow').find(({ kernelName }) => kernelName === name);
  if (!config) {
    throw new Error(
      `@netspace/kernels/tensorflow: expected the tensorflow backend, found no ${name} of it; import @tensorflow/tfjs-node (or -gpu) first`,
    );
  }
  return config;
}
