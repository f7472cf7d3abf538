import { NetSpaceError, type Instance } from '@netspace/prep';
import {
  count,
  type GivenBy,
  instanceOfOutput,
  objectOf,
  optional,
  parseOptions,
  text,
  type UsedBy,
  withDefault,
} from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { checkInputs } from '../datasets/tensors/check-inputs.js';
import { labeledDataset } from '../datasets/dataset-kinds.js';
import { evenlySpread } from '../datasets/evenly-spread.js';
import { labeledBatch } from '../datasets/tensors/tensor-batch.js';
import type { LabeledDataset } from '../datasets/tensors/tensor-dataset.js';

/** See {@link EvaluationOptions}. */
export const evaluationOptions = objectOf({
  /**
   * How many images to run at once; memory grows with it, results do not depend on it.
   * @default 250
   */
  batchSize: withDefault(count, 250),
  /**
   * At most this number of images, evenly spread over the data set, because its first images may all be of one class.
   * @default all
   */
  limit: optional(count),
  /**
   * Name of the output that is looked at, of networks that have several.
   * @default the only one
   */
  output: optional(text),
});

/** Options of {@link predictClasses} and of all functions that run a network on a data set. */
export interface EvaluationOptions extends GivenBy<typeof evaluationOptions> {}

/**
 * The class that a network gives each image of a data set: the arg-max of its logits.
 *
 * @returns one class for each image used, in the data set's order, `[images]`; −1, which is no class, if a logit is NaN or the largest is
 * infinite
 * @throws NetSpaceError `INVALID_OPTION` for options that are unknown or no positive integers, or if there are no images, `SHAPE_MISMATCH`
 * if the network does not have one output for each class
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { initialize, lenetLike, parseCifar10, predictClasses } from '@netspace/zoo';
 *
 * const architecture = lenetLike({ width: 0.25 });
 * const network = { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) };
 * const classes = await predictClasses(network, parseCifar10(new Uint8Array(4 * 3073)));
 * console.log(classes.length); // 4
 * ```
 */
export async function predictClasses(instance: Instance, dataset: LabeledDataset, options: EvaluationOptions = {}): Promise<Int32Array> {
  const used = parseOptions('predictClasses', evaluationOptions, options);
  parseOptions('predictClasses', evaluationArguments, { dataset });
  checkInputs('predictClasses', instance.architecture, dataset);
  const predicted: number[] = [];
  const network = instanceOfOutput('predictClasses', instance, used.output);
  for (const indices of batchesOf('predictClasses', dataset, used)) {
    const classes = tf.tidy(() => classesOf(logitsOf('predictClasses', network, dataset, labeledBatch(dataset, indices).images)));
    predicted.push(...(await classes.data()));
    classes.dispose();
  }
  return Int32Array.from(predicted);
}

/** The arg-max of each row, −1 if there is none, because an arg-max of NaNs would be class 0. `[batch]` */
function classesOf(outputs: tf.Tensor2D): tf.Tensor {
  const logits = tf.cast(outputs, 'float32'); // isNaN on wasm takes the integer -1 for NaN
  const none = tf.isNaN(tf.sub(logits, tf.max(logits, 1, true))); // also if the largest is infinite, because its softmax is NaN
  return tf.where(tf.any(none, 1), tf.scalar(-1, 'int32'), tf.argMax(logits, 1));
}

const evaluationArguments = objectOf({ dataset: labeledDataset });

/** The indices of each batch in turn. */
export function batchesOf(caller: string, dataset: LabeledDataset, { batchSize, limit }: UsedBy<typeof evaluationOptions>): number[][] {
  parseOptions(caller, evaluationArguments, { dataset }); // a JavaScript caller may exchange the network and the data set
  const { name, count } = dataset;
  if (count === 0) throw new NetSpaceError('INVALID_OPTION', `${caller}: expected at least one image, got the empty data set ${name}`);
  const indices = seenOf(count, limit ?? count);
  return Array.from({ length: Math.ceil(indices.length / batchSize) }, (_, batch) =>
    indices.slice(batch * batchSize, (batch + 1) * batchSize),
  );
}

/** The labels of the images that are used, in the data set's order. */
export const seenLabels = ({ labels, count }: LabeledDataset, { limit = count }: Pick<EvaluationOptions, 'limit'>): number[] =>
  seenOf(count, limit).map((index) => labels[index]!);

const seenOf = (count: number, limit: number): number[] => evenlySpread(Math.min(limit, count), count);

/** Runs a network and checks that it has one output for each class, `[batch, classes]`. */
export function logitsOf(
  caller: string,
  { architecture, parameters }: Instance,
  { name, classes }: LabeledDataset,
  images: tf.Tensor,
): tf.Tensor2D {
  const logits = architecture.apply(parameters, images);
  if (logits.rank !== 2 || logits.shape[1] !== classes) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `${caller}: expected ${architecture.name} to have ${classes} outputs for ${name}, got [${logits.shape}]; use a data set of its task`,
    );
  }
  return logits as tf.Tensor2D;
}
