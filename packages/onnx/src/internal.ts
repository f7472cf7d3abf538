export { networkOf } from './architecture-from-onnx.js';
