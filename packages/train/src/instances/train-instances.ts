import { accuracy, augmentedImageBatch, type ImageBatch, initialize, trainableForm } from '@netspace/zoo';
import { imageDataset, wideImageBatch, wideImages } from '@netspace/zoo/internal';
import { eachCrossEntropy } from '@netspace/losses/internal';
import { isNetSpaceError, NetSpaceError, type StepProgress } from '@netspace/prep';
import {
  abortSignal,
  architecture as architectureOption,
  count,
  functionOf,
  type GivenBy,
  listOf,
  objectOf,
  ofOutput,
  oneOf,
  optional,
  parseOptions,
  positive,
  seed as seedOption,
  text,
  withDefault,
} from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { shuffledBatches } from '../batches/batches.js';
import { seedAt } from '../batches/random.js';
import { augmentation, given } from './augmentation.js';
import { fitRows } from './fit-rows.js';
import { instanceOptimizerOption, PAPER_SGD } from './instance-optimizer.js';
import { leftOut } from './left-out.js';
import { rowsOfNew, tensorsOfRow, tensorsOfRows } from './network-rows.js';
import { numbered, ofState, type Resume, withMore } from './resume.js';
import { rowsOptimizer } from './rows-optimizer.js';
import { checkTraining, headOf, type TrainedInstance } from './train-instance.js';
import { checkFolded, stepsOf } from './train-snapshots.js';

const lengths = listOf(positive, 'a list of lengths that ascend and are at least one step', 1);

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
      /**
       * Lengths of its training, ascending, as `lengths` has them. It leaves the others after its last one.
       * @default the `lengths` of all
       */
      lengths: optional(lengths),
    }),
    'a list of at least one network',
    1,
  ),
  /** Images to learn from. */
  train: imageDataset,
  /** Images to measure on. */
  test: imageDataset,
  /** Lengths of training, ascending, for the networks that do not have their own. A snapshot is taken at each length; the last ends the training. */
  lengths: optional(lengths),
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

/** Options of {@link trainInstances}. */
export interface TrainInstancesOptions extends GivenBy<typeof trainInstancesOptions> {}

/** One of several networks after one of the lengths. */
export interface TrainedInstanceOfMany extends TrainedInstance {
  /** Its place in `networks`. */
  readonly network: number;
}

/**
 * Trains K classifiers of one architecture at once, as batched products, and yields each at its lengths.
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
  yield* trainInstancesFrom(options);
}

/** As {@link trainInstances}, which goes on from a state, and has its states kept. */
export async function* trainInstancesFrom(options: TrainInstancesOptions, resume?: Resume): AsyncGenerator<TrainedInstanceOfMany, void> {
  const used = parseOptions('trainInstances', trainInstancesOptions, options);
  const { architecture, train, test, unit, batchSize, augment, signal, onStep } = used;
  const name = 'trainInstances';
  const networks = used.networks.map((network, i) => ({ ...network, lengths: lengthsOf(network.lengths ?? used.lengths, i) }));
  for (const own of new Map(networks.map((network) => [network.lengths.join(), network.lengths])).values())
    checkTraining(name, { architecture, train, test, lengths: own, unit, batchSize, output: used.output });
  const { stepsPerEpoch, stepsPerUnit } = stepsOf({ lengths: [], unit, batchSize }, train.count);
  const stops = networks.map((network) => stepsOf({ lengths: network.lengths, unit, batchSize }, train.count).stops);
  const runs = networks.map((network) => ({ optimizer: network.optimizer, length: network.lengths.at(-1)! }));
  const optimizer = rowsOptimizer(name, runs, stepsPerUnit);
  const batches = networks.map(({ seed }) =>
    shuffledBatches({ count: train.count, size: batchSize, seed, stream: 'images', caller: name, option: 'batchSize' }),
  );
  const form = trainableForm(ofOutput(name, architecture, used.output));
  const start = rowsOfNew(networks.map(({ seed }) => initialize(form.parameters, { seed: seedAt(seed, 'initial') })));
  const begun = stacked(networks.map(({ seed }) => initialize(form.statistics, { seed })));
  let statistics: readonly tf.Tensor[] = begun;
  const replaceStatistics = (next: readonly tf.Tensor[]): void => {
    tf.dispose([...statistics]);
    statistics = next;
  };
  const images = (left: readonly number[], step: number): ImageBatch => {
    const indices = left.map((network) => batches[network]!(step));
    if (augment === undefined) return wideImageBatch(train, indices);
    const seen = left.map((network, k) =>
      augmentedImageBatch(train, indices[k]!, { ...given(augment), seed: networks[network]!.seed, step }),
    );
    return { images: wideImages(seen.map((batch) => batch.images)), labels: tf.concat1d(seen.map(({ labels }) => labels)) };
  };
  const losses = (rows: tf.Tensor2D, step: number, left: readonly number[]): tf.Tensor1D => {
    const batch = images(left, step);
    const result = form.applyMany(tensorsOfRows(rows, form.parameters), statistics, batch.images);
    replaceStatistics(result.statistics.map((tensor) => tf.keep(tensor)));
    return eachCrossEntropy(result.output as tf.Tensor3D, batch.labels);
  };
  const failed = leftOut(name, 'all others were given');
  const gone = new Set<number>();
  const said: (readonly [network: number, message: string])[] = [];
  const onDiverged = (network: number, error: unknown): void => {
    gone.add(network);
    if (isNetSpaceError(error)) said.push([network, error.message]);
    failed.add(`network ${network} of seed ${networks[network]!.seed}`, error);
  };
  const onLeave = (stay: readonly number[]): void => replaceStatistics(statistics.map((tensor) => tf.gather(tensor, [...stay])));
  const fit = { name, start, specs: form.parameters, losses, optimizer, stops, onLeave, onDiverged, signal, onStep };
  if (resume?.from !== undefined) {
    replaceStatistics(ofState(resume.from, 'statistics', begun.length));
    for (const [network, message] of resume.from.facts['said'] as typeof said) onDiverged(network, new NetSpaceError('DIVERGED', message));
  }
  const kept = withMore(resume, () => ({ facts: { said: [...said] }, tensors: numbered('statistics', statistics) }));
  try {
    for await (const { step, rows, stopped } of fitRows({ ...fit, resume: kept })) {
      for (const { network, place, loss } of stopped) {
        if (gone.has(network)) continue; // its folded weights were not finite
        const instance = { architecture, parameters: foldedOf(form, { rows, statistics, place }) };
        try {
          await checkFolded(name, instance, step);
        } catch (error) {
          onDiverged(network, error);
          continue;
        }
        const metrics = { trainLoss: loss, testAccuracy: await accuracy(instance, test, headOf(used)) };
        const length = networks[network]!.lengths[stops[network]!.indexOf(step)]!;
        yield { network, instance, length, steps: step, epochs: step / stepsPerEpoch, metrics };
      }
    }
    failed.throwIfAny();
  } finally {
    tf.dispose([start, [...statistics]]);
  }
}

function lengthsOf(given: readonly number[] | undefined, network: number): readonly number[] {
  if (given !== undefined) return given;
  throw new NetSpaceError('INVALID_OPTION', `trainInstances: expected lengths for network ${network}, got none; give lengths for all`);
}

/** One tensor a spec with a leading axis of networks, out of those of each network, which are no longer needed. */
function stacked(networks: readonly tf.Tensor[][]): tf.Tensor[] {
  const together = tf.tidy(() => networks[0]!.map((_, i) => tf.stack(networks.map((tensors) => tensors[i]!))));
  tf.dispose(networks.flat());
  return together;
}

interface OneOfMany {
  readonly rows: tf.Tensor2D;
  readonly statistics: readonly tf.Tensor[];
  readonly place: number;
}

/** The parameters of one network, batch norm folded in. */
const foldedOf = (form: ReturnType<typeof trainableForm>, { rows, statistics, place }: OneOfMany): tf.Tensor[] =>
  tf.tidy(() => {
    const own = statistics.map((tensor) => tf.squeeze(tf.slice(tensor, [place], [1]), [0]));
    return form.fold(tensorsOfRow(rows, place, form.parameters), own);
  });
