import { NetSpaceError, type Instance } from '@netspace/prep';
import { imageBatch, type ImageDataset } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Checks that a network classifies the images of a data set by running it on one image. This is done first, because an error inside a
 * gradient would leak tensors.
 *
 * @throws NetSpaceError `SHAPE_MISMATCH` if it takes other images or does not have one output for each class
 */
export function checkClassifier(caller: string, { architecture, parameters }: Instance, dataset: ImageDataset): void {
  const shape = tf.tidy(() => architecture.apply(parameters, imageBatch(dataset, [0]).images).shape);
  if (shape.length === 2 && shape[1] === dataset.classes) return;
  throw new NetSpaceError(
    'SHAPE_MISMATCH',
    `${caller}: expected ${architecture.name} to have ${dataset.classes} outputs for ${dataset.name}, got [${shape}]; use data of its task`,
  );
}
