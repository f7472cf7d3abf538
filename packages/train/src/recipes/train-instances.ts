import { accuracy, augmentedImageBatch, initialize, trainableForm } from '@netspace/zoo';
import { wideImageBatch } from '@netspace/zoo/internal';
import { eachCrossEntropy } from '@netspace/losses/internal';
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
  seed as seedOption,
  withDefault,
} from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { shuffledBatches } from '../batches/batches.js';
import { seedAt } from '../batches/random.js';
import { imageDataset } from '../option-kinds.js';
import { augmentation, given } from './augmentation.js';
import { fitRows } from './fit-rows.js';
import { instanceOptimizerOption, PAPER_SGD } from './instance-optimizer.js';
import { leftOut } from './left-out.js';
import { rowsOf, tensorsOfRow, tensorsOfRows } from './network-rows.js';
import { rowsOptimizer } from './rows-optimizer.js';
import { checkFolded, checkTraining, stepsOf, type TrainedInstance } from './train-instance.js';

/** See {@link TrainInstancesOptions}. */
export const trainInstancesOptions = objectOf({
  /** The architecture of all of them. Those of the zoo run as one wide network; any other, one after the other within each step. */
  architecture: architectureOption,
  /** What is each network's own. Their optimizers are of one kind. */
  networks: listOf(
    objectOf({
      /**
       * Seed of the initial values, of the order of the images and of their augmentation.
       * @default 0
       */
      seed: withDefault(seedOption, 0),
      /**
       * The optimizer, with rate, momentum and weight decay of this network.
       * @default the paper's: SGD of 0.05 with momentum 0.9 and weight decay 5e-4
       */
      optimizer: withDefault(instanceOptimizerOption, PAPER_SGD),
    }),
    'a list of at least one network',
    1,
  ),
  /** Images to learn from. */
  train: imageDataset,
  /** Images to measure on. */
  test: imageDataset,
  /** Lengths of training, ascending. Snapshots of all networks are taken at each length; the last ends the training. */
  lengths: listOf(positive, 'a list of lengths that ascend and are at least one step', 1),
  /**
   * The unit of lengths, milestones and `every`. Epochs may be fractions, which are rounded to whole steps.
   * @default 'epochs'
   */
  unit: withDefault(oneOf(['epochs', 'steps']), 'epochs'),
  /**
   * Images of each network per step.
   * @default 128
   */
  batchSize: withDefault(count, 128),
  /**
   * Crops by up to `padding` pixels and, with `flip`, mirrors; see `augmentedImageBatch`.
   * @default none
   */
  augment: optional(augmentation),
  /** Stops the run after the step in progress. */
  signal: optional(abortSignal),
  /** Called after each step. */
  onStep: optional(functionOf<(progress: StepProgress) => void>()),
});

/** Options of {@link trainInstances}. */
export interface TrainInstancesOptions extends GivenBy<typeof trainInstancesOptions> {}

/** One of several networks after one of the lengths. */
export interface TrainedInstanceOfMany extends TrainedInstance {
  /** Its place in `networks`. */
  readonly network: number;
}

/**
 * Trains K classifiers of one architecture at once, as batched products, and yields all of them at each length.
 *
 * Each is what {@link trainInstance} gives with its seed and optimizer, to rounding. A small network is bound by the cost of starting
 * operations; K of them at once start K times fewer.
 *
 * A network that diverges is no longer given. The others go on: no number of one network reaches another.
 *
 * @throws NetSpaceError `ABORTED` when the signal stopped it, `DIVERGED` at the end, naming each network that diverged, `INVALID_OPTION` for
 *   options out of range or optimizers of two kinds, `SHAPE_MISMATCH` for images of another task
 * @see Berardi et al., "Learning the Space of Deep Models", section IV (training of the instances)
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { trainInstances } from '@netspace/train';
 * import { lenetLike, parseCifar10 } from '@netspace/zoo';
 *
 * const images = parseCifar10(new Uint8Array(8 * 3073)); // eight black airplanes
 * const networks = [0.1, 0.01].map((learningRate, seed) => ({ seed, optimizer: { kind: 'sgd', learningRate } as const }));
 * const options = { train: images, test: images, lengths: [2], unit: 'steps', batchSize: 4 } as const;
 * const trained = [];
 * for await (const { network } of trainInstances({ architecture: lenetLike({ width: 0.1 }), networks, ...options })) trained.push(network);
 * console.log(trained); // [ 0, 1 ]
 * ```
 */
export async function* trainInstances(options: TrainInstancesOptions): AsyncGenerator<TrainedInstanceOfMany, void> {
  const used = parseOptions('trainInstances', trainInstancesOptions, options);
  const { architecture, networks, train, test, lengths, unit, batchSize, augment, signal, onStep } = used;
  const name = 'trainInstances';
  checkTraining(name, { architecture, train, test, lengths, unit, batchSize });
  const { stepsPerEpoch, stepsPerUnit, stops } = stepsOf({ lengths, unit, batchSize }, train.count);
  const optimizers = networks.map(({ optimizer }) => optimizer);
  const optimizer = rowsOptimizer(name, optimizers, { stepsPerUnit, length: lengths.at(-1) ?? 0 });
  const batches = networks.map(({ seed }) =>
    shuffledBatches({ count: train.count, size: batchSize, seed, stream: 'images', caller: name, option: 'batchSize' }),
  );
  const form = trainableForm(architecture);
  const start = initialRows(networks.map(({ seed }) => initialize(form.parameters, { seed: seedAt(seed, 'initial') })));
  let statistics: readonly tf.Tensor[] = stacked(networks.map(({ seed }) => initialize(form.statistics, { seed })));
  const augmented = (indices: readonly Uint32Array[], step: number) => {
    const how = given({ padding: undefined, flip: undefined, ...augment });
    const seen = networks.map(({ seed }, k) => augmentedImageBatch(train, indices[k]!, { ...how, seed, step }));
    return { images: tf.stack(seen.map(({ images }) => images)), labels: tf.concat1d(seen.map(({ labels }) => labels)) };
  };
  const losses = (rows: tf.Tensor2D, step: number): tf.Tensor1D => {
    const indices = batches.map((batch) => batch(step));
    const { images, labels } = augment === undefined ? wideImageBatch(train, indices) : augmented(indices, step);
    const result = form.applyMany(tensorsOfRows(rows, form.parameters), statistics, images);
    tf.dispose([...statistics]);
    statistics = result.statistics.map((tensor) => tf.keep(tensor));
    return eachCrossEntropy(result.output as tf.Tensor3D, labels);
  };
  const failed = leftOut(name);
  const gone = new Set<number>();
  const onDiverged = (network: number, error: unknown): void => {
    gone.add(network);
    failed.add(`network ${network} of seed ${networks[network]!.seed}`, error);
  };
  try {
    for await (const stop of fitRows({ name, start, specs: form.parameters, losses, optimizer, stops, onDiverged, signal, onStep })) {
      for (let network = 0; network < networks.length; network++) {
        if (gone.has(network)) continue;
        const instance = { architecture, parameters: foldedOf(form, { rows: stop.rows, statistics, network }) };
        try {
          await checkFolded(name, instance, stop.step);
        } catch (error) {
          onDiverged(network, error);
          continue;
        }
        const metrics = { trainLoss: stop.losses[network]!, testAccuracy: await accuracy(instance, test) };
        const length = lengths[stops.indexOf(stop.step)]!;
        yield { network, instance, length, steps: stop.step, epochs: stop.step / stepsPerEpoch, metrics };
      }
    }
    failed.throwIfAny();
  } finally {
    tf.dispose([start, [...statistics]]);
  }
}

/** The rows of networks whose own tensors are no longer needed. */
function initialRows(networks: readonly tf.Tensor[][]): tf.Tensor2D {
  const rows = rowsOf(networks);
  tf.dispose([...networks]);
  return rows;
}

/** One tensor a spec with a leading axis of networks, out of those of each network, which are no longer needed. */
function stacked(networks: readonly tf.Tensor[][]): tf.Tensor[] {
  const together = tf.tidy(() => networks[0]!.map((_, i) => tf.stack(networks.map((tensors) => tensors[i]!))));
  tf.dispose([...networks]);
  return together;
}

interface OneOfMany {
  readonly rows: tf.Tensor2D;
  readonly statistics: readonly tf.Tensor[];
  readonly network: number;
}

/** The parameters of one network, batch norm folded in. */
const foldedOf = (form: ReturnType<typeof trainableForm>, { rows, statistics, network }: OneOfMany): tf.Tensor[] =>
  tf.tidy(() => {
    const own = statistics.map((tensor) => tf.squeeze(tf.slice(tensor, [network], [1]), [0]));
    return form.fold(tensorsOfRow(rows, network, form.parameters), own);
  });
