export { architectureFromGraphFile } from '@netspace/onnx/internal';
