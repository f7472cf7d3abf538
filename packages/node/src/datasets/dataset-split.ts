/** Images to train on, and images to test on: MNIST's and CIFAR-10's test images, Tiny-ImageNet's validation images; likewise tensors. */
export type DatasetSplit = 'train' | 'test';
