export { type ConfigOptions, type EncoderConfig, type NetSpaceConfig, type Preset, resolveConfig, type ScaleBias } from './config.js';
export type { DecoderConfig } from './decoder/decoder-config.js';
export { decode, type Decoded, type DecodeOptions } from './decoder/decoder.js';
export { encode, type EncodeOptions } from './encoder/encoder.js';
export { LOAD_LIMITS, type LoadLimits } from './files/load-limits.js';
export type { LoadOptions, ResolveArchitecture } from './files/load.js';
export type { NamedTensors } from './files/named-tensors.js';
export type { SaveOptions } from './files/save.js';
export { type ClassIdOptions, NetSpace, type NetSpaceOptions, type PredictedInstance } from './net-space.js';
export type { Observe, ObservedLayer } from './observe.js';
export { adam, type AdamOptions } from './optimize/adam.js';
export type { Optimizer, TensorsByName } from './optimize/optimizer.js';
export {
  type AnnealConfig,
  annealSchedule,
  constantSchedule,
  type ExponentialConfig,
  exponentialSchedule,
  type Schedule,
  type ScheduleConfig,
  scheduleFrom,
  type StepConfig,
  stepSchedule,
  type WarmUpConfig,
  warmUpSchedule,
  withLength,
} from './optimize/schedule.js';
export { sgd, type SgdOptions } from './optimize/sgd.js';
export { decoderSpecs, encoderSpecs } from './specs.js';
export type { Normalization } from './units/normalization.js';
