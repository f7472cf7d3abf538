import '@netspace/kernels/wasm';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';

/** Says where the WebAssembly lies. One thread: more would want headers that a page in somebody's site cannot set. */
export function register(): void {
  const beside = (url: string): string => new URL(url, import.meta.url).href;
  setThreadsCount(1);
  setWasmPaths({
    'tfjs-backend-wasm.wasm': beside(plain),
    'tfjs-backend-wasm-simd.wasm': beside(simd),
    'tfjs-backend-wasm-threaded-simd.wasm': beside(simd),
  });
}
