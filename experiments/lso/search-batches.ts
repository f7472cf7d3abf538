import type { LatentBatch } from '@netspace/explore';
import type { Instance } from '@netspace/prep';
import { imageBatch, type ImageDataset } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

/** Images of the training split in their order, and what the teacher says of them: computed once for all searches. */
export function searchBatches(
  dataset: ImageDataset,
  teacher: Instance,
  { steps, images: size }: { readonly steps: number; readonly images: number },
): { readonly list: readonly Required<LatentBatch>[]; readonly dispose: () => void } {
  const list = Array.from({ length: steps }, (_, step) => {
    const { images, labels } = imageBatch(
      dataset,
      Array.from({ length: size }, (_image, i) => (step * size + i) % dataset.count),
    );
    const logits = tf.tidy(() => teacher.architecture.apply(teacher.parameters, images) as tf.Tensor2D);
    return { images, labels, teacher: logits };
  });
  return { list, dispose: () => list.forEach((batch) => tf.dispose({ ...batch })) };
}
