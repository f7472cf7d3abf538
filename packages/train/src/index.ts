export { buildShapeZoo, type BuildShapeZooOptions } from './recipes/build-shape-zoo.js';
export { buildZoo, type BuildZooOptions, type ZooAddition, type ZooProgress } from './recipes/build-zoo.js';
export { fitSdf, type FitSdfOptions, type FittedSdf } from './recipes/fit-sdf.js';
export type { InstanceOptimizer } from './recipes/instance-optimizer.js';
export { type ShapeRecipe, shapeRecipeSchema } from './recipes/shape-recipe.js';
export { type TrainedInstance, trainInstance, type TrainInstanceOptions } from './recipes/train-instance.js';
export { type ZooRecipe, zooRecipeSchema } from './recipes/zoo-recipe.js';
export type { ClassificationTask } from './tasks/classification-task.js';
export { type CacheTargets, MAX_CACHED_LOGITS } from './tasks/network-logits.js';
export type { Grouping } from './tasks/run-networks.js';
export type { SdfTask } from './tasks/sdf-task.js';
export type { WeightsTask } from './tasks/weights-task.js';
export { trainNetSpace, type TrainNetSpaceOptions, type TrainStep, type TrainTask } from './train-net-space.js';
export type { CheckpointStorage } from './checkpoint/storage.js';
export { memoryCheckpoint } from './checkpoint/memory.js';
export type { MetricsRecord, MetricsSink } from './metrics/metrics.js';
export {
  adam,
  sgd,
  annealSchedule,
  constantSchedule,
  exponentialSchedule,
  scheduleFrom,
  stepSchedule,
  warmUpSchedule,
  type AdamOptions,
  type AnnealConfig,
  type ExponentialConfig,
  type NamedTensors,
  type Optimizer,
  type Schedule,
  type ScheduleConfig,
  type SgdOptions,
  type StepConfig,
  type WarmUpConfig,
} from '@netspace/model';
