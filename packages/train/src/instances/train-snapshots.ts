import type { Instance, StepProgress } from '@netspace/prep';
import { diverged, findNonFinite, type NamedTensor, ofOutput, type UsedBy } from '@netspace/prep/internal';
import { initialize, trainableForm } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import { shuffledBatches } from '../batches/batches.js';
import { seedAt } from '../batches/random.js';
import { checkStops, fitFrom } from './fit.js';
import { instanceOptimizer, type instanceOptimizerOption } from './instance-optimizer.js';
import { numbered, ofState, type Resume, withMore } from './resume.js';

/** When snapshots are taken. */
export interface Lengths {
  readonly lengths: readonly number[];
  readonly unit: 'epochs' | 'steps';
  readonly batchSize: number;
}

/** A training run of one network, whatever it learns. */
export interface SnapshotTraining<Metrics> extends Lengths {
  /** For messages. */
  readonly name: string;
  readonly architecture: Instance['architecture'];
  /** Of several outputs, the one that learns. */
  readonly output?: string | undefined;
  /** Inputs to learn from, how many. */
  readonly count: number;
  readonly optimizer: UsedBy<typeof instanceOptimizerOption>;
  readonly seed: number;
  readonly scheme?: 'pytorch' | 'siren' | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: ((progress: StepProgress) => void) | undefined;
  readonly resume?: Resume | undefined;
  /** Throws before the first step if the data are of another task. */
  check(start: Instance): void;
  /** The inputs of a step, and the loss of what the network gives for them; inside a gradient. */
  batch(indices: Uint32Array, step: number): { readonly inputs: tf.Tensor; readonly lossOf: (output: tf.Tensor) => tf.Scalar };
  measure(instance: Instance): Promise<Metrics>;
}

/** What can be checked before a training. */
export interface TrainingToCheck<Dataset> extends Lengths {
  readonly architecture: Instance['architecture'];
  readonly train: Dataset;
  readonly test: Dataset;
  readonly output?: string | undefined;
}

/** Checks lengths, and both data sets with a network of initial values, without training. `check` is called inside `tf.tidy`. */
export function checkBeforeTraining<Dataset extends { readonly count: number }>(
  caller: string,
  { architecture: whole, train, test, output, ...lengths }: TrainingToCheck<Dataset>,
  check: (start: Instance, dataset: Dataset) => void,
): void {
  checkLengths(caller, lengths, train.count);
  const architecture = ofOutput(caller, whole, output);
  tf.tidy(() => {
    const parameters = initialize(architecture.parameters, { seed: 0 });
    for (const dataset of [train, test]) check({ architecture, parameters }, dataset);
  });
}

/** A network after one of the lengths. */
export interface Snapshot<Metrics> {
  /** Batch norm folded in; the caller disposes its parameters. */
  readonly instance: Instance;
  /** The length that was asked for. */
  readonly length: number;
  readonly steps: number;
  /** Steps as a number of passes through the inputs. */
  readonly epochs: number;
  readonly metrics: Metrics & { readonly trainLoss: number };
}

/** Trains a network from its initial values and yields it at each length, batch norm folded in. */
export async function* trainSnapshots<Metrics extends object>(
  training: SnapshotTraining<Metrics>,
): AsyncGenerator<Snapshot<Metrics>, void> {
  const { name, architecture, count, lengths, batchSize, optimizer, seed, scheme, signal, onStep, resume } = training;
  const batches = shuffledBatches({ count, size: batchSize, seed, stream: 'images', caller: name, option: 'batchSize' });
  const { stepsPerEpoch, stepsPerUnit, stops } = stepsOf(training, count);
  const learning = ofOutput(name, architecture, training.output);
  const form = trainableForm(learning);
  const start = initialize(form.parameters, { seed: seedAt(seed, 'initial'), scheme });
  let statistics: readonly tf.Tensor[] = initialize(form.statistics, { seed });
  const loss = (variables: readonly tf.Variable[], step: number): tf.Scalar => {
    const { inputs, lossOf } = training.batch(batches(step), step);
    const result = form.apply(variables, statistics, inputs, { training: true });
    tf.dispose([...statistics]);
    statistics = result.statistics.map((tensor) => tf.keep(tensor));
    return training.output === undefined ? lossOf(result.output) : tf.add(lossOf(result.output), nothingOf(variables));
  };
  try {
    tf.tidy(() => training.check({ architecture: learning, parameters: form.fold(start, statistics) }));
    if (resume?.from !== undefined) {
      const next = ofState(resume.from, 'statistics', statistics.length);
      tf.dispose([...statistics]);
      statistics = next;
    }
    const kept = withMore(resume, () => ({ facts: {}, tensors: numbered('statistics', statistics) }));
    const optimizing = instanceOptimizer(optimizer, stepsPerUnit, lengths.at(-1) ?? 0);
    for await (const stop of fitFrom({ name, start, loss, stops, signal, onStep, optimizer: optimizing }, kept)) {
      const instance = { architecture, parameters: form.fold(stop.variables, statistics) };
      await checkFolded(name, instance, stop.step);
      yield {
        instance,
        length: lengths[stops.indexOf(stop.step)]!,
        steps: stop.step,
        epochs: stop.step / stepsPerEpoch,
        metrics: { trainLoss: stop.loss, ...(await training.measure(instance)) },
      };
    }
  } finally {
    tf.dispose([start, [...statistics]]);
  }
}

/** Zero, of which every variable has a gradient, of zeros: those of the other outputs have none otherwise, which an optimizer takes for a mistake. */
const nothingOf = (variables: readonly tf.Variable[]): tf.Scalar => tf.addN(variables.map((one) => tf.sum(tf.mul(one, 0)))) as tf.Scalar;

/** Running variances may overflow even if weights do not. */
export async function checkFolded(name: string, { architecture, parameters }: Instance, step: number): Promise<void> {
  const found = await findNonFinite(parameters.map((tensor, i): NamedTensor => [architecture.parameters[i]!.name, tensor]));
  if (found === undefined) return;
  tf.dispose([...parameters]);
  throw diverged(name, { after: step - 1, step, term: `the weight ${found.name}` }, 'take a smaller learning rate');
}

/** How long an epoch is, and after which steps snapshots are taken. */
export function stepsOf({ lengths, unit, batchSize }: Lengths, count: number) {
  const stepsPerEpoch = Math.floor(count / batchSize);
  const stepsPerUnit = unit === 'epochs' ? stepsPerEpoch : 1;
  return { stepsPerEpoch, stepsPerUnit, stops: lengths.map((length) => Math.max(1, Math.round(length * stepsPerUnit))) };
}

/**
 * Refuses the lengths and batches that {@link trainSnapshots} would refuse, without training: batches larger than the data set, lengths that
 * round to the same step.
 */
function checkLengths(caller: string, lengths: Lengths, count: number): void {
  shuffledBatches({ count, size: lengths.batchSize, seed: 0, stream: 'images', caller, option: 'batchSize' });
  checkStops(caller, stepsOf(lengths, count).stops);
}
