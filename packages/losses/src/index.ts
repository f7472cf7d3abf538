export { accuracyGapLoss, type AccuracyGapLossOptions } from './accuracy-gap.js';
export { clampedSdfLoss, type ClampedSdfLossOptions } from './clamped-sdf.js';
export { classIdLoss, type ClassIdLossOptions } from './class-id.js';
export { crossEntropyLoss } from './cross-entropy.js';
export { distillationLoss, type DistillationLossOptions } from './distillation.js';
export type { BoundaryPair } from './interpolation/boundary-pairs.js';
export { gammaSchedule } from './interpolation/gamma-schedule.js';
export type { InterpolationLossOptions, NetworkTargets, NetworkTerms } from './interpolation/interpolation-terms.js';
export {
  type InterpolationInputs,
  interpolationLoss,
  type InterpolationLoss,
  type InterpolationSamples,
} from './interpolation/interpolation.js';
export { knowledgeDistillationLoss, type KnowledgeDistillationLossOptions } from './knowledge-distillation.js';
export { multiArchitectureLoss, type MultiArchitectureLoss, type MultiArchitectureLossOptions } from './multi-architecture.js';
export type { DecodedEmbeddings, NetworkCallbacks } from './networks/networks.js';
export { type Route, routeByArgMax, routeByTarget } from './networks/route.js';
export { sdfLoss } from './sdf.js';
export { singleArchitectureLoss, type SingleArchitectureLossOptions } from './single-architecture.js';
export { occupancyLoss, squaredErrorLoss } from './squared-error.js';
export {
  targetDistillationLoss,
  type ImitationTerms,
  type TargetDistillationInputs,
  type TargetDistillationLoss,
  type TargetDistillationLossOptions,
} from './target-distillation.js';
export { elementWeights, type ElementWeightsOptions, weightsLoss } from './weights.js';
