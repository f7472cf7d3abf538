export {
  resolveConfig,
  type ConfigOptions,
  type DecoderConfig,
  type EncoderConfig,
  type NetSpaceConfig,
  type Preset,
  type ScaleBias,
} from './config.js';
export { decode, type Decoded, type DecodeOptions } from './decoder.js';
export { encode, type EncodeOptions } from './encoder.js';
export type { LoadOptions, ResolveArchitecture } from './load.js';
export { LOAD_LIMITS, type LoadLimits } from './load-limits.js';
export type { NamedTensors } from './named-tensors.js';
export { NetSpace, type ClassIdOptions, type NetSpaceOptions, type PredictedInstance } from './net-space.js';
export type { Normalisation } from './normalisation.js';
export type { ObservedLayer, Observe } from './observe.js';
export type { SaveOptions } from './save.js';
export { decoderSpecs, encoderSpecs } from './specs.js';
