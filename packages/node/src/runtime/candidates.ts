import { cpu } from './cpu.js';
import type { RuntimeCandidate } from './runtime.js';
import { wasm } from './wasm.js';

/** Fastest first. */
export const candidates: readonly RuntimeCandidate[] = [wasm, cpu];
