export {
  type Architecture,
  type ChannelAxis,
  type ChannelPiece,
  type FlattenedAxis,
  type FoldedBatchNorm,
  type Instance,
  type NamedTensors,
  parameterCount,
  type ParameterSpec,
  type PRepShape,
  type Purpose,
  tensorShape,
  type TensorSpec,
} from './architecture.js';
export type { ParameterLayout } from './checks/assert.js';
export { packBatch, type PackBatchOptions, type PRepBatch } from './codec/batch.js';
export { packPRep, packPReps } from './codec/pack.js';
export { requiredPRepShape, type RequiredPRepShapeOptions } from './codec/prep-shape.js';
export { unpackPRep, unpackPReps } from './codec/unpack.js';
export { type Divergence, divergenceOf } from './checks/divergence.js';
export { disposeInstances } from './tensors/dispose-instances.js';
export { joinInputs, splitInputs } from './tensors/joined-inputs.js';
export { isNetSpaceError, NetSpaceError, type NetSpaceErrorCode } from './errors.js';
export { foldBatchNorm, type FoldBatchNormOptions, type NormalizedLayer } from './fold-batch-norm.js';
export { type ChannelOrder, channelPermutation } from './permutation/channel-permutation.js';
export { prepSymmetry, type PRepSymmetry, type SymmetryChoice, type Turns, type UnitSigns } from './permutation/prep-symmetry.js';
export type { StepProgress } from './step-progress.js';
export { permutationSpec, type PermutationSpecOptions } from './symmetry/permutation-spec.js';
export { unresolvedArchitecture } from './unresolved-architecture.js';
