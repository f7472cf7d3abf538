export { encodeFloat16 } from './half.js';
export { instanceFromCheckpoint, type InstanceFromCheckpointOptions } from './checkpoint/instance-from-checkpoint.js';
export { instanceFromRawTensors, type InstanceFromTensorsOptions } from './checkpoint/instance-from-tensors.js';
export type { NamePattern, Rename } from './checkpoint/patterns.js';
export { readCheckpoint, type ReadCheckpointOptions } from './checkpoint/read-checkpoint.js';
export { instanceToRawTensors, type InstanceToRawTensorsOptions } from './instance-tensors.js';
export { readNpy } from './npy/read-npy.js';
export { NPZ_LIMITS, type NpzLimits, readNpz, type ReadNpzOptions } from './npy/read-npz.js';
export type { CheckpointTensors } from './checkpoint-tensors.js';
export { PYTORCH_LIMITS, type PyTorchLimits } from './pytorch/limits.js';
export { readPyTorchCheckpoint, type ReadPyTorchCheckpointOptions } from './pytorch/checkpoint.js';
export { writePyTorchCheckpoint } from './pytorch/write-checkpoint.js';
export { type RawTensor, type RawTensorData, type RawTensorDtype, rawToFloat32 } from './raw-tensor.js';
export { SAFETENSORS_LIMITS, type SafetensorsLimits } from './safetensors/header.js';
export {
  readSafetensors,
  type ReadSafetensorsOptions,
  type Safetensors,
  writeSafetensors,
  type WriteSafetensorsOptions,
} from './safetensors/safetensors.js';
