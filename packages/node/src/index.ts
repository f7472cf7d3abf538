export { adam, type AdamOptions } from './train/adam.js';
export type { Optimizer, TensorsByName } from './train/optimizer.js';
export {
  annealSchedule,
  constantSchedule,
  exponentialSchedule,
  scheduleFrom,
  stepSchedule,
  warmUpSchedule,
  withLength,
  type AnnealConfig,
  type ExponentialConfig,
  type Schedule,
  type ScheduleConfig,
  type StepConfig,
  type WarmUpConfig,
} from './train/schedule.js';
export { sgd, type SgdOptions } from './train/sgd.js';
export { loadCifar10, type LoadCifar10Options } from './datasets/load-cifar10.js';
export { loadMnist, type LoadMnistOptions } from './datasets/load-mnist.js';
export { directoryFiles } from './files/directory-files.js';
export { fileHandler, registerFileHandler } from './files/file-handler.js';
export { metricsFile, readMetrics, type MetricsRecord, type MetricsSink } from './metrics/metrics-file.js';
export { allSinks, summaryWriter, tensorBoard, type SummaryWriter } from './metrics/tensorboard.js';
export { parseDatasetSpec, type DatasetSource, type DatasetSplit } from './datasets/dataset-spec.js';
export { loadMesh, loadMeshFolder, type NamedMesh } from './datasets/load-mesh.js';
export { loadTinyImageNet, type LoadTinyImageNetOptions } from './datasets/load-tiny-imagenet.js';
export type { ClassificationTask } from './train/classification-task.js';
export { MAX_CACHED_LOGITS, type CacheTargets } from './train/network-logits.js';
export type { Grouping } from './train/run-networks.js';
export type { SdfTask } from './train/sdf-task.js';
export type { WeightsTask } from './train/weights-task.js';
export { trainNetSpace, type TrainNetSpaceOptions, type TrainStep, type TrainTask } from './train/train-net-space.js';
export {
  doctor,
  enableRelaxedSimd,
  enableWasmThreads,
  installNativeRuntime,
  recommendedEnvironment,
  removeNativeRuntime,
  respawnForSpeed,
  RUNTIME_NAMES,
  selectRuntime,
  type InstallNativeRuntimeOptions,
  type InstallProgress,
  type InstallStep,
  type NativeRuntime,
  type EnableWasmThreadsOptions,
  type RejectedRuntime,
  type RuntimeFacts,
  type RuntimeName,
  type RuntimeProblem,
  type RuntimeReport,
  type SelectedRuntime,
  type SelectRuntimeOptions,
} from './runtime/index.js';
export { buildZoo, type BuildZooOptions, type ZooAddition, type ZooProgress } from './recipes/build-zoo.js';
export { fitSdf, type FitSdfOptions, type FittedSdf } from './recipes/fit-sdf.js';
export type { InstanceOptimizer } from './recipes/instance-optimizer.js';
export { trainInstance, type TrainedInstance, type TrainInstanceOptions } from './recipes/train-instance.js';
export { zooRecipeSchema, type ZooRecipe } from './recipes/zoo-recipe.js';
export { buildShapeZoo, type BuildShapeZooOptions } from './recipes/build-shape-zoo.js';
export { shapeRecipeSchema, type ShapeRecipe } from './recipes/shape-recipe.js';
