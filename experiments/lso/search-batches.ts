import { teacherBatch, type LatentBatch } from '@netspace/explore';
import type { Instance } from '@netspace/prep';
import { randomPermutation, randomStream } from '@netspace/prep/internal';
import type { ImageDataset } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

/** Images of the training split, shuffled, and what the teacher says of them: computed once for all searches. */
export function searchBatches(
  dataset: ImageDataset,
  teacher: Instance,
  { steps, images: size, seed }: { readonly steps: number; readonly images: number; readonly seed: number },
): { readonly list: readonly Required<LatentBatch>[]; readonly dispose: () => void } {
  const order = randomPermutation(dataset.count, randomStream(seed)); // the files of Tiny-ImageNet are sorted by class
  const list = Array.from({ length: steps }, (_, step) => {
    const indices = Array.from({ length: size }, (_image, i) => order[(step * size + i) % dataset.count]!);
    return teacherBatch(dataset, indices, teacher);
  });
  return { list, dispose: () => list.forEach((batch) => tf.dispose({ ...batch })) };
}
