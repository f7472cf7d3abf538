export { accuracy, type EvaluationOptions, predictClasses } from '@netspace/zoo';
export { agreement } from './evaluate/agreement.js';
export { classIdConfusion, type ClassIdConfusion } from './evaluate/class-id-confusion.js';
export { evaluateSpace, type EvaluateSpaceOptions, type SpaceEntry, type SpaceEvaluation } from './evaluate/evaluate-space.js';
export type { EvaluatedInstance } from './evaluate/evaluated-instance.js';
export { klDivergence, type KlDivergenceOptions } from './evaluate/kl-divergence.js';
export type { SpaceSummary } from './evaluate/summarize.js';
export { type LatentBatch, latentObjective, type LatentObjectiveOptions } from './latent/latent-objective.js';
export {
  type LatentObjective,
  type LatentPoint,
  type LatentSearch,
  optimizeLatent,
  type OptimizeLatentOptions,
} from './latent/optimize-latent.js';
export { fitPrior, type GaussianPriorOptions, type NeighborsPriorOptions, type PriorOptions } from './prior/fit-prior.js';
export type { GaussianPrior, NeighborsPrior, Prior } from './prior/prior.js';
export { samplePrior, type SamplePriorOptions } from './prior/sample-prior.js';
export { interpolateWeights } from './walk/interpolate-weights.js';
export { evenGammas, interpolateEmbeddings } from './walk/interpolate.js';
export { walk, type Walk, type WalkOptions } from './walk/walk.js';
