import { NetSpaceError, type Instance } from '@netspace/prep';
import type { LabeledDataset } from '@netspace/zoo';
import { checkInputs, labeledBatch } from '@netspace/zoo/internal';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Checks that a network classifies the inputs of a data set by running it on one of them. This is done first, because an error inside a
 * gradient would leak tensors.
 *
 * @throws NetSpaceError `SHAPE_MISMATCH` if it takes other inputs or does not have one output for each class
 */
export function checkClassifier(caller: string, { architecture, parameters }: Instance, dataset: LabeledDataset): void {
  checkInputs(caller, architecture, dataset);
  const shape = tf.tidy(() => architecture.apply(parameters, labeledBatch(dataset, [0]).images).shape);
  if (shape.length === 2 && shape[1] === dataset.classes) return;
  throw new NetSpaceError(
    'SHAPE_MISMATCH',
    `${caller}: expected ${architecture.name} to have ${dataset.classes} outputs for ${dataset.name}, got [${shape}]; use data of its task`,
  );
}
