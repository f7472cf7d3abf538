/**
 * This entry registers nothing by itself: import `@netspace/kernels/wasm`, `/tensorflow` or `/webgpu` for that.
 */
export { mendGradients } from './gradients/mended/index.js';
export { currentPrecision, type Precision, setPrecision } from './precision.js';
export { registerKernels } from './register-kernels.js';
