import '@netspace/kernels/wasm';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { env } from '@tensorflow/tfjs-core';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';

/**
 * Says where the WebAssembly lies. One thread, also in a page whose server sends the headers that more would want: the glue for threads is left out
 * of the bundle.
 */
export function register(): void {
  const beside = (url: string): string => new URL(url, import.meta.url).href;
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths({
    'tfjs-backend-wasm.wasm': beside(plain),
    'tfjs-backend-wasm-simd.wasm': beside(simd),
    'tfjs-backend-wasm-threaded-simd.wasm': beside(simd), // never asked for
  });
}
