export { augmentedImageBatch, type AugmentOptions } from './datasets/augmented-image-batch.js';
export { CIFAR10_CLASSES, parseCifar10, type ParseCifar10Options } from './datasets/cifar10.js';
export { concatDatasets } from './datasets/concat-datasets.js';
export { imageBatch, type ImageBatch } from './datasets/image-batch.js';
export { createImageDataset, IMAGENET_STATISTICS, MNIST_STATISTICS, type ImageDataset } from './datasets/image-dataset.js';
export { randomPermutation, randomStream } from './datasets/random.js';
export { splitDataset, type SplitDatasetOptions } from './datasets/split-dataset.js';
export { subsetDataset } from './datasets/subset-dataset.js';
