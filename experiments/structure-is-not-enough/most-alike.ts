import type { Instance } from '@netspace/prep';
import type { ImageDataset } from '@netspace/zoo';
import { inputsOf, logitsOf } from '@netspace/zoo/internal';
import * as tf from '@tensorflow/tfjs-core';

/** Softens what networks say, as equation (1) does. */
const TEMPERATURE = 4;

/**
 * The place, among known networks, of the one whose answers are the most like those of each target: the least divergence of equation (1) on some
 * images.
 */
export async function mostAlike(
  known: readonly Instance[],
  targets: readonly Instance[],
  images: ImageDataset,
): Promise<readonly number[]> {
  const x = inputsOf(images, [...Array(images.count).keys()]);
  const said = (instances: readonly Instance[]): tf.Tensor2D =>
    tf.tidy(() => {
      const each = instances.map((instance) => tf.tidy(() => tf.div(logitsOf('mostAlike', instance, images, x), TEMPERATURE)));
      return tf.reshape(tf.logSoftmax(tf.stack(each)), [instances.length, -1]); // [N, images · classes]
    });
  const places = tf.tidy(() => {
    const [own, others] = [said(targets), said(known)];
    return tf.argMax(tf.matMul(tf.exp(own), others, false, true), 1); // the least cross-entropy; each target's own entropy is constant
  });
  x.dispose();
  return [...(await places.data().finally(() => places.dispose()))];
}
