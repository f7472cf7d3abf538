import { squaredErrorLoss } from '@netspace/losses';
import { type Instance, NetSpaceError } from '@netspace/prep';
import { type GivenBy, objectOf, oneOf, parseOptions, type UsedBy, withDefault } from '@netspace/prep/internal';
import { targetError, tensorBatch, type TensorDataset } from '@netspace/zoo';
import { checkInputs, tensorDataset } from '@netspace/zoo/internal';
import * as tf from '@tensorflow/tfjs-core';

import { headOf, trainInstanceOptions } from './train-instance.js';
import type { Resume } from './resume.js';
import { checkBeforeTraining, type Snapshot, type TrainingToCheck, trainSnapshots } from './train-snapshots.js';

const { augment: _, train: __, test: ___, ...shared } = trainInstanceOptions.entries;

/** See {@link TrainRegressorOptions}. */
export const trainRegressorOptions = objectOf({
  ...shared,
  /** Inputs to learn from, with the targets of each. */
  train: tensorDataset,
  /** Inputs to measure on, with the targets of each. */
  test: tensorDataset,
  /**
   * Initial values: `siren` for networks of sines with ω = 30; see `initialize` of `@netspace/zoo`.
   * @default 'pytorch'
   */
  scheme: withDefault(oneOf(['pytorch', 'siren']), 'pytorch'),
});

/** Options of {@link trainRegressor}. */
export interface TrainRegressorOptions extends GivenBy<typeof trainRegressorOptions> {}

/** A network after one of the lengths. Its metrics are mean squared errors, and R² on the test inputs, if their targets differ. */
export interface TrainedRegressor extends Snapshot<{ readonly testMse: number; readonly testR2?: number }> {}

/**
 * Trains one network to give the targets of a data set, from its initial values, and yields it at each length. It minimizes the mean squared
 * error. All else is as in `trainInstance`.
 *
 * @throws NetSpaceError as `trainInstance`; `INVALID_OPTION` if a data set has no targets, `SHAPE_MISMATCH` if the network gives others
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { trainRegressor } from '@netspace/train';
 * import { createTensorDataset, siren } from '@netspace/zoo';
 *
 * const x = Float32Array.from({ length: 64 }, (_, i) => i / 32 - 1);
 * const wave = createTensorDataset({ name: 'wave', inputs: x, shape: [1], targets: x.map((value) => Math.sin(3 * value)), targetShape: [1] });
 * const options = { train: wave, test: wave, lengths: [100], unit: 'steps', batchSize: 32, scheme: 'siren' } as const;
 * const optimizer = { kind: 'adam', learningRate: 1e-3 } as const;
 * for await (const { metrics } of trainRegressor({ architecture: siren({ inputs: 1, outputs: 1, hidden: 16 }), optimizer, ...options })) {
 *   console.log(metrics.testR2! > 0.9); // true
 * }
 * ```
 */
export async function* trainRegressor(options: TrainRegressorOptions): AsyncGenerator<TrainedRegressor, void> {
  yield* trainRegressorFrom(options);
}

/** As {@link trainRegressor}, which goes on from a state, and has its states kept. */
export async function* trainRegressorFrom(options: TrainRegressorOptions, resume?: Resume): AsyncGenerator<TrainedRegressor, void> {
  const { train, test, ...used } = parseOptions('trainRegressor', trainRegressorOptions, options);
  yield* trainSnapshots({
    ...used,
    name: 'trainRegressor',
    resume,
    count: train.count,
    check: (start) => [train, test].forEach((dataset) => checkRegressor('trainRegressor', start, dataset)),
    batch(indices) {
      const { inputs, targets } = tensorBatch(train, indices);
      return { inputs, lossOf: (output) => squaredErrorLoss(output, targets!) }; // checked before
    },
    async measure(instance) {
      const { mse, r2 } = await targetError(instance, test, headOf(used));
      return { testMse: mse, ...(r2 !== null && { testR2: r2 }) };
    },
  });
}

/** Refuses a data set without targets, or with others than a network gives, by running it on one input; to be called inside `tf.tidy`. */
function checkRegressor(caller: string, { architecture, parameters }: Instance, dataset: TensorDataset): void {
  const { name, targetShape } = dataset;
  if (targetShape === undefined) {
    throw new NetSpaceError('INVALID_OPTION', `${caller}: expected targets in ${name}, got none; give the tensor, or columns, that networks should give: targets=NAME`); // prettier-ignore
  }
  checkInputs(caller, architecture, dataset);
  const shape = architecture.apply(parameters, tensorBatch(dataset, [0]).inputs).shape;
  if (tf.util.arraysEqual(shape, [1, ...targetShape])) return;
  throw new NetSpaceError('SHAPE_MISMATCH', `${caller}: expected ${architecture.name} to give [N, ${targetShape.join(', ')}], the targets of ${name}, got [N, ${shape.slice(1).join(', ')}]; use data of its task`); // prettier-ignore
}

/** Refuses what {@link trainRegressor} would refuse, without training. */
export const checkRegression = (caller: string, training: TrainingToCheck<UsedBy<typeof trainRegressorOptions>['train']>): void =>
  checkBeforeTraining(caller, training, (start, dataset) => checkRegressor(caller, start, dataset));
