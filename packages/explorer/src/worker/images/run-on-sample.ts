import type { Instance } from '@netspace/prep';
import { evenlySpread, logitsOf } from '@netspace/zoo/internal';
import { type ImageDataset, imageBatch } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

/** What a network says of the images of a sample. */
export interface Answers {
  readonly accuracy: number;
  /** `confusion[label][said]`, counts. An output that is no number is counted nowhere. */
  readonly confusion: readonly (readonly number[])[];
  /** Class of each image, −1 for none. */
  readonly said: Int32Array;
}

/** Images at once: more would take memory, not less time. */
const BATCH = 512;

/**
 * Runs a network on images of the sample.
 *
 * @param indices which images
 * @throws NetSpaceError `SHAPE_MISMATCH` if the network is of another task
 */
export async function answersOn(network: Instance, dataset: ImageDataset, indices: readonly number[]): Promise<Answers> {
  const said = new Int32Array(indices.length);
  for (let from = 0; from < indices.length; from += BATCH) {
    const classes = tf.tidy(() => {
      const { images } = imageBatch(dataset, indices.slice(from, from + BATCH));
      const logits = logitsOf('explorer', network, dataset, images);
      const none = tf.isNaN(tf.sub(tf.max(logits, 1), tf.max(logits, 1))); // also where the largest is infinite
      return tf.where(none, tf.scalar(-1, 'int32'), tf.argMax(logits, 1));
    });
    said.set(await classes.data(), from);
    classes.dispose();
  }
  const confusion = Array.from({ length: dataset.classes }, () => Array<number>(dataset.classes).fill(0));
  let right = 0;
  indices.forEach((index, i) => {
    const label = dataset.labels[index]!;
    if (said[i]! >= 0) confusion[label]![said[i]!]! += 1;
    right += Number(said[i] === label);
  });
  return { accuracy: right / indices.length, confusion, said };
}

/** So many images, evenly spread over the sample; all if there are fewer. */
export const spreadOver = ({ count }: ImageDataset, images: number): number[] =>
  evenlySpread(Math.max(1, Math.min(count, Math.floor(images))), count);
