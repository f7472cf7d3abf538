export { buildFieldZoo, type BuildFieldZooOptions, type NamedField } from './recipes/build-field-zoo.js';
export { buildShapeZoo, type BuildShapeZooOptions } from './recipes/build-shape-zoo.js';
export type { FieldRecipe } from './recipes/field-recipe.js';
export type { ZooAddition, ZooProgress } from './recipes/add-jobs.js';
export { buildZoo, type BuildZooOptions } from './recipes/build-zoo.js';
export { fit, type FitOptions, type FitStop } from './instances/fit.js';
export { fitSdf, type FitSdfOptions, type FittedSdf } from './instances/fit-sdf.js';
export { fitSdfs, type FitSdfsOptions, type FittedSdfOfMany } from './instances/fit-sdfs.js';
export type { InstanceOptimizer } from './instances/instance-optimizer.js';
export type { ShapeRecipe } from './recipes/shape-recipe.js';
export { type TrainedInstance, trainInstance, type TrainInstanceOptions } from './instances/train-instance.js';
export { trainInstances, type TrainedInstanceOfMany, type TrainInstancesOptions } from './instances/train-instances.js';
export { type TrainedRegressor, trainRegressor, type TrainRegressorOptions } from './instances/train-regressor.js';
export type { Snapshot } from './instances/train-snapshots.js';
export type { ZooRecipe } from './recipes/zoo-recipe.js';
export type { StepProgress } from '@netspace/prep';
export { permutedCopies, type PermutedCopiesOptions } from './batches/permuted-copies.js';
export type { ClassificationTask, LabelsTask, TargetsTask, TeacherTask } from './tasks/classification-task.js';
export { type CacheTargets, MAX_CACHED_LOGITS } from './tasks/network-logits.js';
export type { Grouping } from './tasks/run-networks.js';
export type { InputGenerator, OccupancyTask, RegressionTask, RgbTask } from './tasks/outputs-task-options.js';
export type { SdfTask } from './tasks/sdf-task.js';
export type { WeightsTask } from './tasks/weights-task.js';
export {
  followSuggestion,
  type FollowedSuggestion,
  type FollowSuggestionOptions,
  type SuggestInstance,
} from './suggest/follow-suggestion.js';
export type { SuggestNetwork } from './suggest/network-facts.js';
export { suggestSpace, type SuggestSpaceOptions } from './suggest/suggest-space.js';
export type { SpaceSuggestion, SuggestedHoldOut, SuggestedSpace, SuggestedTask, SuggestionReason } from './suggest/suggestion.js';
export { trainedEmbeddings } from './embeddings/trained-embeddings.js';
export { trainNetSpace } from './train-net-space.js';
export type { TargetProgress, TrainNetSpaceOptions, TrainStep, TrainTask } from './train-net-space-options.js';
export type { Rewind } from './checkpoint/checkpoint.js';
export type { CheckpointStorage } from './checkpoint/storage.js';
export { indexedDbCheckpoint } from './checkpoint/indexed-db.js';
export { memoryCheckpoint } from './checkpoint/memory.js';
export { memoryMetrics } from './metrics/memory.js';
export type { MetricsRecord, MetricsSink } from './metrics/metrics.js';
export {
  adam,
  type AdamOptions,
  type LearningRate,
  type NamedTensors,
  type Optimizer,
  type Schedule,
  scheduleFrom,
  sgd,
  type SgdOptions,
} from '@netspace/model';
