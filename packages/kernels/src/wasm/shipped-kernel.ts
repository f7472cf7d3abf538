import '@tensorflow/tfjs-backend-wasm'; // registers its kernels, so that they can be looked up
import type { KernelConfig } from '@tensorflow/tfjs-core';

import { shippedKernel as shippedKernelOf } from '../shipped-kernel.js';

/** A kernel as tfjs-backend-wasm ships it. */
export const shippedKernel = (name: string): KernelConfig => shippedKernelOf('wasm', name);
