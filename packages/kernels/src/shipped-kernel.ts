import { getKernelsForBackend, type KernelConfig } from '@tensorflow/tfjs-core';

const PACKAGES = {
  wasm: '@tensorflow/tfjs-backend-wasm',
  tensorflow: '@tensorflow/tfjs-node (or -gpu)',
  webgpu: '@tensorflow/tfjs-backend-webgpu',
} as const;

/** A kernel as its backend ships it. Look it up while a module loads, before our kernel takes its name. */
export function shippedKernel(backend: keyof typeof PACKAGES, name: string): KernelConfig {
  const config = getKernelsForBackend(backend).find(({ kernelName }) => kernelName === name);
  if (!config) {
    throw new Error(
      `@netspace/kernels/${backend}: expected the kernels of the ${backend} backend, found no ${name}; import ${PACKAGES[backend]} 4.22 first`,
    );
  }
  return config;
}
