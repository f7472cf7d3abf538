import '@tensorflow/tfjs-backend-wasm'; // registers its kernels, so that there is something to look up
import { getKernelsForBackend, type KernelConfig } from '@tensorflow/tfjs-core';

/** A kernel as tfjs-backend-wasm ships it; look it up while a module loads, before ours takes its name. */
export function shippedKernel(name: string): KernelConfig {
  const config = getKernelsForBackend('wasm').find(({ kernelName }) => kernelName === name);
  if (!config) throw new Error(`shippedKernel: @tensorflow/tfjs-backend-wasm has no ${name}; use version 4.22`);
  return config;
}
