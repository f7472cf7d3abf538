export { accuracy, type EvaluationOptions, predictClasses } from '@netspace/zoo';
export { align, type AlignByActivationsOptions, type AlignByWeightsOptions, type Alignment, type AlignOptions } from './align/align.js';
export { alignInstance } from './align/align-instance.js';
export { alignedDistance } from './align/aligned-distance.js';
export { type GroupedParameter, groupedParameters, type Weights } from './align/channel-groups.js';
export type { Arrangement, ChannelOrders } from './align/arrangement.js';
export { matchWeights, type MatchWeightsOptions, type WeightMatch } from './align/match-weights.js';
export { weightMatching } from './align/weight-matching.js';
export { repairStatistics, type RepairOptions } from './align/repair-statistics.js';
export { agreement } from './evaluate/measures/agreement.js';
export { accuracyByArchitecture, type ArchitectureAccuracy } from './evaluate/accuracy/architecture-accuracy.js';
export { classIdConfusion, type ClassIdConfusion, countConfusion } from './evaluate/measures/class-id-confusion.js';
export { type Diversity, type DiversityMeter, diversityMeter, type SaidClasses } from './evaluate/measures/diversity.js';
export { outputsObjective, type OutputsObjectiveOptions } from './latent/outputs-objective.js';
export { evaluateOutputs, type EvaluateOutputsOptions, type OutputsEvaluation } from './evaluate/evaluate-outputs.js';
export { type EvaluatedOutputs, type OutputsSummary, type RefinedOutputs, summarizeOutputs } from './evaluate/evaluated-outputs.js';
export {
  evaluateSpace,
  type EvaluateSpaceOptions,
  type RefinedEvaluation,
  type SpaceEntry,
  type SpaceEvaluation,
} from './evaluate/evaluate-space.js';
export type { EvaluatedInstance, RefinedInstance } from './evaluate/evaluated-instance.js';
export { klDivergence, type KlDivergenceOptions } from './evaluate/measures/kl-divergence.js';
export { reconstruct } from './evaluate/reconstruct.js';
export { type RefinedReconstruction, refinedReconstruction } from './evaluate/refined-reconstruction.js';
export { collapseRemark } from './evaluate/remarks.js';
export { type AccuracyComparison, compareAccuracies, type SpaceAccuracy, spaceAccuracy } from './evaluate/accuracy/space-accuracy.js';
export { meanAndBand, NETWORKS_FOR_ORDER, spearman, type Spread, spread } from './evaluate/measures/statistics.js';
export { type SpaceSummary, summarize } from './evaluate/summarize.js';
export { type LatentBatch, latentObjective, type LatentObjectiveOptions } from './latent/latent-objective.js';
export {
  abortedSearch,
  type LatentObjective,
  type LatentPoint,
  type LatentSearch,
  optimizeLatent,
  type OptimizeLatentOptions,
  type LatentProgress,
} from './latent/optimize-latent.js';
export { refineEmbedding, type RefinedEmbedding, type RefinementOptions, type RefineOptions } from './latent/refine-embedding.js';
export { teacherBatch, type TeacherBatchOptions } from './latent/teacher-batch.js';
export { noisyCopy, type NoisyCopyOptions } from './novelty/noisy-copy.js';
export { type NetworkTraits, networkTraits, type Novelty, novelty } from './novelty/novelty.js';
export { fitPrior, type GaussianPriorOptions, type NeighborsPriorOptions, type PriorOptions } from './prior/fit-prior.js';
export type { GaussianPrior, NeighborsPrior, Prior } from './prior/prior.js';
export { samplePrior, type SamplePriorOptions } from './prior/sample-prior.js';
export type { Grade, VerdictFigure } from './verdict/verdict-figure.js';
export { type Evaluation, type SpaceVerdict, verdictOf, type VerdictOptions } from './verdict/verdict-of.js';
export { accuraciesOf } from './walk/accuracies-of.js';
export { boundaryPairs, type BoundaryWalk, boundaryWalks, type BoundaryWalks, type BoundaryWalksOptions } from './walk/boundary-walks.js';
export { interpolateWeights } from './walk/interpolate-weights.js';
export { evenGammas, interpolateEmbeddings } from './walk/interpolate.js';
export { type WalkAccuracies, walkAccuracies, type WalkAccuraciesOptions } from './walk/walk-accuracies.js';
export { walk, type Walk, type WalkOptions } from './walk/walk.js';
