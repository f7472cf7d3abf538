import { accuracy } from '@netspace/zoo';
import { crossEntropyLoss } from '@netspace/losses';
import type { Instance, StepProgress } from '@netspace/prep';
import {
  abortSignal,
  architecture as architectureOption,
  count,
  diverged,
  findNonFinite,
  functionOf,
  type GivenBy,
  listOf,
  type NamedTensor,
  objectOf,
  oneOf,
  optional,
  parseOptions,
  positive,
  seed as seedOption,
  type UsedBy,
  withDefault,
} from '@netspace/prep/internal';
import { augmentedImageBatch, imageBatch, initialize, trainableForm, type ImageDataset, type TrainableArchitecture } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import { shuffledBatches } from '../batches/batches.js';
import { checkClassifier } from '../tasks/check-task.js';
import { seedAt } from '../batches/random.js';
import { checkStops, fit } from './fit.js';
import { augmentation, given } from './augmentation.js';
import { instanceOptimizer, instanceOptimizerOption, PAPER_SGD } from './instance-optimizer.js';
import { imageDataset } from '../option-kinds.js';

/** See {@link TrainInstanceOptions}. */
export const trainInstanceOptions = objectOf({
  /** The architecture to train; see `trainableForm` of `@netspace/zoo` for the form that learns. */
  architecture: architectureOption,
  /** Images to learn from. */
  train: imageDataset,
  /** Images to measure on. */
  test: imageDataset,
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
  /** Stops the run after the step in progress. */
  signal: optional(abortSignal),
  /** Called after each step. */
  onStep: optional(functionOf<(progress: StepProgress) => void>()),
});

/** Options of {@link trainInstance}. */
export interface TrainInstanceOptions extends GivenBy<typeof trainInstanceOptions> {}

/** An instance after one of the lengths. */
export interface TrainedInstance {
  /** Batch norm folded in; the caller disposes its parameters. */
  readonly instance: Instance;
  /** The length that was asked for. */
  readonly length: number;
  readonly steps: number;
  /** Steps as a number of passes through the images. */
  readonly epochs: number;
  /** Mean cross-entropy since the last snapshot, in nats, and the fraction of test images classified rightly. */
  readonly metrics: { readonly trainLoss: number; readonly testAccuracy: number };
}

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
  const used = parseOptions('trainInstance', trainInstanceOptions, options);
  const { architecture, train, test, lengths, unit, optimizer, batchSize, seed, augment } = used;
  const batches = shuffledBatches({
    count: train.count,
    size: batchSize,
    seed,
    stream: 'images',
    caller: 'trainInstance',
    option: 'batchSize',
  });
  const { stepsPerEpoch, stepsPerUnit, stops } = stepsOf({ lengths, unit, batchSize }, train.count);
  const form = trainableForm(architecture);
  const start = initialize(form.parameters, { seed: seedAt(seed, 'initial') });
  let statistics: readonly tf.Tensor[] = initialize(form.statistics, { seed });
  const loss = (variables: readonly tf.Variable[], step: number): tf.Scalar => {
    const indices = batches(step);
    const { images, labels } =
      augment === undefined ? imageBatch(train, indices) : augmentedImageBatch(train, indices, { ...given(augment), seed, step });
    const result = form.apply(variables, statistics, images, { training: true });
    tf.dispose([...statistics]);
    statistics = result.statistics.map((tensor) => tf.keep(tensor));
    return crossEntropyLoss(result.output as tf.Tensor2D, labels);
  };
  const shared = { name: 'trainInstance', start, loss, stops, signal: used.signal, onStep: used.onStep };
  try {
    checkStart(form, start, statistics, train);
    for await (const stop of fit({ ...shared, optimizer: instanceOptimizer(optimizer, stepsPerUnit, lengths.at(-1) ?? 0) })) {
      const instance = { architecture, parameters: form.fold(stop.variables, statistics) };
      await checkFolded('trainInstance', instance, stop.step);
      yield {
        instance,
        length: lengths[stops.indexOf(stop.step)]!,
        steps: stop.step,
        epochs: stop.step / stepsPerEpoch,
        metrics: { trainLoss: stop.loss, testAccuracy: await accuracy(instance, test) },
      };
    }
  } finally {
    tf.dispose([start, [...statistics]]);
  }
}

/** Running variances may overflow even if weights do not. */
export async function checkFolded(caller: string, { architecture, parameters }: Instance, step: number): Promise<void> {
  const found = await findNonFinite(parameters.map((tensor, i): NamedTensor => [architecture.parameters[i]!.name, tensor]));
  if (found === undefined) return;
  tf.dispose([...parameters]);
  throw diverged(caller, { after: step - 1, step, term: `the weight ${found.name}` }, 'take a smaller learning rate');
}

interface Lengths {
  readonly lengths: readonly number[];
  readonly unit: 'epochs' | 'steps';
  readonly batchSize: number;
}

/** How long an epoch is, and after which steps snapshots are taken. */
export function stepsOf({ lengths, unit, batchSize }: Lengths, images: number) {
  const stepsPerEpoch = Math.floor(images / batchSize);
  const stepsPerUnit = unit === 'epochs' ? stepsPerEpoch : 1;
  return { stepsPerEpoch, stepsPerUnit, stops: lengths.map((length) => Math.max(1, Math.round(length * stepsPerUnit))) };
}

/**
 * Refuses the options that {@link trainInstance} would refuse, without training: images of another task, batches larger than the data set,
 * lengths that round to the same step.
 */
export function checkTraining(
  caller: string,
  { architecture, train, test, ...settings }: Lengths & Pick<UsedBy<typeof trainInstanceOptions>, 'architecture' | 'train' | 'test'>,
): void {
  shuffledBatches({ count: train.count, size: settings.batchSize, seed: 0, stream: 'images', caller, option: 'batchSize' });
  checkStops(caller, stepsOf(settings, train.count).stops);
  const parameters = initialize(architecture.parameters, { seed: 0 });
  try {
    for (const images of [train, test]) checkClassifier(caller, { architecture, parameters }, images);
  } finally {
    tf.dispose(parameters);
  }
}

/** Throws before the first step if the images do not fit the architecture's task. */
function checkStart(form: TrainableArchitecture, start: readonly tf.Tensor[], statistics: readonly tf.Tensor[], train: ImageDataset): void {
  tf.tidy(() => checkClassifier('trainInstance', { architecture: form.architecture, parameters: form.fold(start, statistics) }, train));
}
