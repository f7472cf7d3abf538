export type { Architecture, Instance, ParameterSpec, PRepShape } from './architecture.js';
export { parameterCount, tensorShape } from './architecture.js';
export type { ParameterLayout } from './assert.js';
export { isNetSpaceError, NetSpaceError, type NetSpaceErrorCode } from './errors.js';
export { foldBatchNorm, type FoldBatchNormOptions, type NormalisedLayer } from './fold-batch-norm.js';
export { channelPermutation, type ChannelOrder } from './channel-permutation.js';
export { encodeFloat16 } from './half.js';
export { instanceFromRawTensors, instanceToRawTensors, type InstanceToRawTensorsOptions } from './instance-tensors.js';
export { leakyReluGradient } from './leaky-relu-gradient.js';
export { packPRep, packPReps } from './pack.js';
export { requiredPRepShape, type RequiredPRepShapeOptions } from './prep-shape.js';
export { readPyTorchCheckpoint, type ReadPyTorchCheckpointOptions } from './pytorch-checkpoint.js';
export { PYTORCH_LIMITS, type PyTorchLimits } from './pytorch-archive.js';
export { rawToFloat32, type RawTensor, type RawTensorData, type RawTensorDtype } from './raw-tensor.js';
export {
  readSafetensors,
  writeSafetensors,
  type ReadSafetensorsOptions,
  type Safetensors,
  type WriteSafetensorsOptions,
} from './safetensors.js';
export { SAFETENSORS_LIMITS, type SafetensorsLimits } from './safetensors-header.js';
export { unpackPRep, unpackPReps } from './unpack.js';
export { unstack } from './unstack.js';
export { unresolvedArchitecture } from './unresolved-architecture.js';
