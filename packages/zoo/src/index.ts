export { augmentedImageBatch, type AugmentOptions } from './datasets/augmented-image-batch.js';
export { CIFAR10_CLASSES, parseCifar10, type ParseCifar10Options } from './datasets/cifar10.js';
export { concatDatasets } from './datasets/concat-datasets.js';
export { evenlySpread } from './datasets/evenly-spread.js';
export { imageBatch, type ImageBatch } from './datasets/image-batch.js';
export { createImageDataset, IMAGENET_STATISTICS, MNIST_STATISTICS, type ImageDataset } from './datasets/image-dataset.js';
export { randomPermutation, randomStream } from './datasets/random.js';
export { splitDataset, type SplitDatasetOptions } from './datasets/split-dataset.js';
export { shrinkDataset } from './datasets/shrink-dataset.js';
export { subsetDataset } from './datasets/subset-dataset.js';
export { thinDataset } from './datasets/thin-dataset.js';
export { parseObj, type ParseObjOptions } from './datasets/parse-obj.js';
export { sampleSdf, type SampleSdfOptions, type SdfSamples } from './datasets/sample-sdf.js';
export { boxMesh, mergeMeshes, sphereMesh, type Triple } from './datasets/shape-meshes.js';
export { signedDistances } from './datasets/signed-distances.js';
export {
  parseValAnnotations,
  parseWnids,
  parseWords,
  TINY_IMAGENET_SIZE,
  type TinyImageNetAnnotation,
} from './datasets/tiny-imagenet-index.js';
export type { TriangleMesh } from './datasets/triangle-mesh.js';
export { windingNumbers } from './datasets/winding-numbers.js';
export { architectureByName } from './architecture-by-name.js';
export type { ImageTask } from './image-task.js';
export { initialise, type InitialiseOptions } from './initialise.js';
export { lenetLike } from './lenet-like.js';
export { resnet, resnet8, resnet32, resnet56, type ResnetOptions } from './resnet.js';
export { siren, type SirenOptions } from './siren.js';
export { vanillaCnn } from './vanilla-cnn.js';
export { openInstanceStore, type InstanceEntry, type InstanceStore, type InstanceStoreOptions } from './instance-store.js';
export { memoryFiles, type StoreFiles } from './store-files.js';
export type { InstanceRecord } from './store-manifest.js';
export { trainableForm, type TrainableArchitecture } from './trainable-form.js';
export {
  architectureFromLayersModel,
  instanceFromLayersModel,
  type ArchitectureFromLayersModelOptions,
} from './layers-model/functional-call.js';
