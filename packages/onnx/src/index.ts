export { architectureFromOnnx, type ArchitectureFromOnnxOptions } from './architecture-from-onnx.js';
export { instanceFromOnnx, type InstanceFromOnnxOptions } from './instance-from-onnx.js';
export { ONNX_LIMITS, type OnnxLimits } from './limits.js';
export { OPERATORS as ONNX_OPERATORS } from './operators/table.js';
export { writeOnnx, type WriteOnnxOptions } from './write-onnx.js';
export type { ExternalData } from './proto/read-tensor.js';
