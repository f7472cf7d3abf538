export { encodeFloat16 } from './half.js';
export { instanceFromRawTensors, instanceToRawTensors, type InstanceToRawTensorsOptions } from './instance-tensors.js';
export { PYTORCH_LIMITS, type PyTorchLimits } from './pytorch/archive.js';
export { readPyTorchCheckpoint, type ReadPyTorchCheckpointOptions } from './pytorch/checkpoint.js';
export { type RawTensor, type RawTensorData, type RawTensorDtype, rawToFloat32 } from './raw-tensor.js';
export { SAFETENSORS_LIMITS, type SafetensorsLimits } from './safetensors/header.js';
export {
  readSafetensors,
  type ReadSafetensorsOptions,
  type Safetensors,
  writeSafetensors,
  type WriteSafetensorsOptions,
} from './safetensors/safetensors.js';
