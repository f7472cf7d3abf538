import { crossEntropyLoss } from '@netspace/losses';
import type { StepProgress } from '@netspace/prep';
import {
  abortSignal,
  architecture as architectureOption,
  count,
  functionOf,
  type GivenBy,
  listOf,
  objectOf,
  oneOf,
  optional,
  parseOptions,
  positive,
  refuseOptions,
  seed as seedOption,
  text,
  type UsedBy,
  withDefault,
} from '@netspace/prep/internal';
import { accuracy, augmentedImageBatch } from '@netspace/zoo';
import { isTensorDataset, labeledBatch, labeledDataset } from '@netspace/zoo/internal';
import type * as tf from '@tensorflow/tfjs-core';

import { checkClassifier } from '../tasks/check-task.js';
import { augmentation, given } from './augmentation.js';
import { instanceOptimizerOption, PAPER_SGD } from './instance-optimizer.js';
import type { Resume } from './resume.js';
import { checkBeforeTraining, type Snapshot, type TrainingToCheck, trainSnapshots } from './train-snapshots.js';

/** See {@link TrainInstanceOptions}. */
export const trainInstanceOptions = objectOf({
  /** The architecture to train; see `trainableForm` of `@netspace/zoo` for the form that learns. */
  architecture: architectureOption,
  /** Images, or labeled tensors, to learn from. */
  train: labeledDataset,
  /** Images, or labeled tensors, to measure on. */
  test: labeledDataset,
  /** Lengths of training, ascending. A snapshot is taken at each length; the last ends the training. */
  lengths: listOf(positive, 'a list of lengths that ascend and are at least one step', 1),
  /**
   * The unit of lengths, milestones and `every`. Epochs may be fractions, which are rounded to whole steps.
   * @default 'epochs'
   */
  unit: withDefault(oneOf(['epochs', 'steps']), 'epochs'),
  /**
   * The optimizer.
   * @default the paper's: SGD of 0.05 with momentum 0.9 and weight decay 5e-4
   */
  optimizer: withDefault(instanceOptimizerOption, PAPER_SGD),
  /**
   * Images per step.
   * @default 128
   */
  batchSize: withDefault(count, 128),
  /**
   * Seed of the initial values, of the order of the images and of their augmentation.
   * @default 0
   */
  seed: withDefault(seedOption, 0),
  /**
   * Crops by up to `padding` pixels and, with `flip`, mirrors, as the paper's instances are trained; see `augmentedImageBatch`.
   * @default none
   */
  augment: optional(augmentation),
  /**
   * Name of the output that learns, of networks that have several. The others stay as they began, but for weight decay.
   * @default the only one
   */
  output: optional(text),
  /** Stops the run after the step in progress. */
  signal: optional(abortSignal),
  /** Called after each step. */
  onStep: optional(functionOf<(progress: StepProgress) => void>()),
});

/** Options of {@link trainInstance}. */
export interface TrainInstanceOptions extends GivenBy<typeof trainInstanceOptions> {}

/** A classifier after one of the lengths; its metrics are in nats, and the fraction of test images classified rightly. */
export interface TrainedInstance extends Snapshot<{ readonly testAccuracy: number }> {}

/**
 * Trains one classifier from its initial values, and yields it at each length.
 *
 * Networks with batch norm are trained in their unfolded form and folded for each snapshot. The same options give the same instance, bit
 * for bit on one runtime.
 *
 * @throws NetSpaceError `ABORTED` when the signal stopped it, `DIVERGED` when the loss or a weight, batch norm folded in, became NaN or
 *   infinite, `INVALID_OPTION` for options out of range, `SHAPE_MISMATCH` for images of another task
 * @see Berardi et al., "Learning the Space of Deep Models", section IV (training of the instances)
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { trainInstance } from '@netspace/train';
 * import { lenetLike, parseCifar10 } from '@netspace/zoo';
 *
 * const images = parseCifar10(new Uint8Array(8 * 3073)); // eight black airplanes
 * const options = { train: images, test: images, lengths: [2, 4], unit: 'steps', batchSize: 4 } as const;
 * const lengths = [];
 * for await (const { length } of trainInstance({ architecture: lenetLike({ width: 0.1 }), ...options })) lengths.push(length);
 * console.log(lengths); // [ 2, 4 ]
 * ```
 */
export async function* trainInstance(options: TrainInstanceOptions): AsyncGenerator<TrainedInstance, void> {
  yield* trainInstanceFrom(options);
}

/** As {@link trainInstance}, which goes on from a state, and has its states kept. */
export async function* trainInstanceFrom(options: TrainInstanceOptions, resume?: Resume): AsyncGenerator<TrainedInstance, void> {
  const { train, test, augment, ...used } = parseOptions('trainInstance', trainInstanceOptions, options);
  if (isTensorDataset(train)) refuseOptions('trainInstance', { augment }, ['augment'], 'with tensors, which are no images of bytes');
  yield* trainSnapshots({
    ...used,
    name: 'trainInstance',
    resume,
    count: train.count,
    check: (start) => checkClassifier('trainInstance', start, train),
    batch(indices, step) {
      const { images, labels } =
        augment === undefined || isTensorDataset(train)
          ? labeledBatch(train, indices)
          : augmentedImageBatch(train, indices, { ...given(augment), seed: used.seed, step });
      return { inputs: images, lossOf: (output) => crossEntropyLoss(output as tf.Tensor2D, labels) };
    },
    measure: async (instance) => ({ testAccuracy: await accuracy(instance, test, headOf(used)) }),
  });
}

/**
 * Refuses the options that {@link trainInstance} would refuse, without training: inputs of another task, batches larger than the data set,
 * lengths that round to the same step.
 */
export const checkTraining = (caller: string, training: TrainingToCheck<UsedBy<typeof trainInstanceOptions>['train']>): void =>
  checkBeforeTraining(caller, training, (start, dataset) => checkClassifier(caller, start, dataset));

/** The output that learns, as the options of measures take it. */
export const headOf = ({ output }: { readonly output?: string | undefined }): { readonly output?: string } =>
  output === undefined ? {} : { output };
