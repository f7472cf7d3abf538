/**
 * This entry registers nothing: import `@netspace/kernels/wasm`, `/tensorflow` or `/webgpu` for that.
 */
export { registerKernels } from './register-kernels.js';
