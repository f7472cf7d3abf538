import { cpu } from './cpu.js';
import type { RuntimeCandidate } from './runtime.js';
import { tensorflow, tensorflowGpu } from './tensorflow/tensorflow.js';
import { wasm } from './wasm.js';
import { webgpu } from './webgpu.js';

/** All runtimes, fastest first. */
export const candidates: readonly RuntimeCandidate[] = [tensorflowGpu, tensorflow, webgpu, wasm, cpu];
