export { architectureByName } from './architectures/by-name.js';
export type { ImageTask } from './architectures/image-task.js';
export { lenetLike } from './architectures/lenet-like.js';
export { resnet, resnet32, resnet56, resnet8, type ResnetOptions } from './architectures/resnet.js';
export { siren, type SirenOptions } from './architectures/siren.js';
export { vanillaCnn } from './architectures/vanilla-cnn.js';
export { augmentedImageBatch, type AugmentOptions } from './datasets/augmented-image-batch.js';
export { CIFAR10_CLASSES, parseCifar10, type ParseCifar10Options } from './datasets/cifar10.js';
export { concatDatasets } from './datasets/concat-datasets.js';
export { datasetFromTensors, type DatasetFromTensorsOptions } from './datasets/tensors/dataset-from-tensors.js';
export { imageBatch, type ImageBatch } from './datasets/image-batch.js';
export { createImageDataset, type ImageDataset, IMAGENET_STATISTICS, MNIST_STATISTICS } from './datasets/image-dataset.js';
export type { NameOptions } from './datasets/name-options.js';
export { shrinkDataset } from './datasets/shrink-dataset.js';
export { splitDataset, type SplitDatasetOptions } from './datasets/split-dataset.js';
export { subsetDataset } from './datasets/subset-dataset.js';
export { tensorBatch, type TensorBatch } from './datasets/tensors/tensor-batch.js';
export {
  createTensorDataset,
  type Dataset,
  type DatasetPart,
  type LabeledDataset,
  type LabeledTensors,
  type TensorDataset,
} from './datasets/tensors/tensor-dataset.js';
export { thinDataset } from './datasets/thin-dataset.js';
export {
  parseValAnnotations,
  parseWnids,
  parseWords,
  TINY_IMAGENET_SIZE,
  type TinyImageNetAnnotation,
} from './datasets/tiny-imagenet-index.js';
export { initialize, type InitializeOptions } from './initialize.js';
export {
  architectureFromLayersModel,
  type ArchitectureFromLayersModelOptions,
  instanceFromLayersModel,
} from './layers-model/functional-call.js';
export { type TrainableArchitecture, trainableForm } from './layers/trainable-form.js';
export { type InstanceStore, type InstanceStoreOptions, openInstanceStore, type StoreProblem } from './store/instance-store.js';
export type { InstanceEntry } from './store/instance-entry.js';
export { bestOf, bestOfEach, bestOfLargest, type Recorded } from './store/best-of.js';
export { loadAll, type StoredInstance } from './store/load-all.js';
export type { StopOptions } from './store/stop-options.js';
export { copyInstances, type CopyInstancesOptions } from './store/copy-instances.js';
export { type RecoveredInstances, recoverInstances, type RecoverInstancesOptions } from './store/repair/recover-instances.js';
export { httpFiles } from './store/files/http-files.js';
export { memoryFiles, type StoreFiles } from './store/files/store-files.js';
export { upgradeStore } from './store/repair/upgrade-store.js';
export type { InstanceRecord } from './store/instance-record.js';
export { accuracy } from './measure/accuracy.js';
export { type NetworkOutputs, outputError, type OutputError, predictOutputs, targetError } from './measure/predict-outputs.js';
export { type EvaluationOptions, predictClasses } from './measure/predict-classes.js';
