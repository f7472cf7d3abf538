export { type ConfigOptions, type EncoderConfig, type NetSpaceConfig, type Preset, resolveConfig } from './config.js';
export type { DecoderConfig } from './decoder/decoder-config.js';
export type { Dense } from './decoder/dense-decoder.js';
export type { Directions } from './decoder/directions.js';
export { decode, type Decoded } from './decoder/decoder.js';
export { encode, type EncodeOptions } from './encoder/encoder.js';
export { LOAD_LIMITS, type LoadLimits } from './files/load-limits.js';
export type { LoadOptions, ResolveArchitecture } from './files/load.js';
export type { NamedTensors } from './weights/named-tensors.js';
export type { SaveOptions } from './files/save.js';
export type { DecodeOptions, NetSpaceOptions, SpaceOptions } from './net-space-options.js';
export { NetSpace, type PredictedInstance } from './net-space.js';
export { adam, type AdamOptions } from './optimize/adam.js';
export type { Optimizer } from './optimize/optimizer.js';
export {
  type CosineRate,
  type ExponentialRate,
  type LearningRate,
  type LinearRate,
  type Schedule,
  scheduleFrom,
  type StepsRate,
} from './optimize/learning-rate.js';
export { sgd, type SgdOptions } from './optimize/sgd.js';
export {
  netSpaceFromStateDicts,
  type NetSpaceFromStateDictsOptions,
  type SpaceStateDicts,
} from './state-dicts/net-space-from-state-dicts.js';
export { stateDictsOf } from './state-dicts/state-dicts-of.js';
export { decoderSpecs, encoderSpecs } from './weights/specs.js';
export type { InstancesStart, InstanceStart, RandomStart, Start, StartedFrom, StartOptions, Units, WeightsStart } from './start.js';
export type { Normalization } from './units/units.js';
