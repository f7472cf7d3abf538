import { NetSpaceError, type Instance } from '@netspace/prep';
import { instanceOfOutput, objectOf, parseOptions } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { checkInputs } from '../datasets/tensors/check-inputs.js';
import { anyDataset } from '../datasets/dataset-kinds.js';
import { evenlySpread } from '../datasets/evenly-spread.js';
import { inputsOf } from '../datasets/tensors/tensor-batch.js';
import { type Dataset, isTensorDataset } from '../datasets/tensors/tensor-dataset.js';
import { type EvaluationOptions, evaluationOptions } from './predict-classes.js';

/** The outputs of a network for some inputs, in order. */
export interface NetworkOutputs {
  /** `inputs · width` numbers, input after input. */
  readonly values: Float32Array;
  /** Numbers for one input. */
  readonly width: number;
}

const outputsArguments = objectOf({ dataset: anyDataset });

/**
 * The numbers that a network gives for each input of a data set.
 *
 * @throws NetSpaceError `SHAPE_MISMATCH` if it takes other inputs or does not give one row for each, `DIVERGED` if an output is not finite,
 *   `INVALID_OPTION` for options that are unknown or no positive integers
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { createTensorDataset, initialize, predictOutputs, siren } from '@netspace/zoo';
 *
 * const architecture = siren({ inputs: 2, outputs: 3, hidden: 4, layers: 0 });
 * const network = { architecture, parameters: initialize(architecture.parameters, { seed: 1, scheme: 'siren' }) };
 * const points = createTensorDataset({ name: 'points', inputs: Float32Array.of(0, 0, 1, 1), shape: [2] });
 * const { values, width } = await predictOutputs(network, points);
 * console.log(values.length, width); // 6 3
 * ```
 */
export async function predictOutputs(instance: Instance, dataset: Dataset, options: EvaluationOptions = {}): Promise<NetworkOutputs> {
  const { batchSize, limit = Infinity, output } = parseOptions('predictOutputs', evaluationOptions, options);
  parseOptions('predictOutputs', outputsArguments, { dataset });
  checkInputs('predictOutputs', instance.architecture, dataset);
  const { architecture, parameters } = instanceOfOutput('predictOutputs', instance, output);
  const indices = evenlySpread(Math.min(limit, dataset.count), dataset.count);
  const parts: Float32Array[] = [];
  for (let from = 0; from < indices.length; from += batchSize) {
    const rows = indices.slice(from, from + batchSize);
    const outputs = tf.tidy(() => {
      const given = architecture.apply(parameters, inputsOf(dataset, rows));
      if (given.rank > 0 && given.shape[0] === rows.length) return tf.cast(given, 'float32');
      throw new NetSpaceError('SHAPE_MISMATCH', `predictOutputs: expected one row of ${instance.architecture.name} for each of ${rows.length} inputs, got [${given.shape}]; a measure needs a network that keeps inputs apart`); // prettier-ignore
    });
    parts.push((await outputs.data().finally(() => outputs.dispose())) as Float32Array);
  }
  const width = parts[0]!.length / Math.min(batchSize, indices.length);
  const values = new Float32Array(indices.length * width);
  parts.forEach((part, i) => values.set(part, i * batchSize * width));
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return { values, width };
  throw new NetSpaceError('DIVERGED', `predictOutputs: expected finite outputs of ${instance.architecture.name}, got ${values[wrong]} for input ${indices[Math.floor(wrong / width)]} of ${dataset.name}; leave the network out`); // prettier-ignore
}

/** How far numbers are from those that were expected. */
export interface OutputError {
  /** Mean squared difference. */
  readonly mse: number;
  /** 1 − the sum of squared differences / the sum of squared differences of what was expected from its mean, output by output; null if that is zero. */
  readonly r2: number | null;
}

/**
 * Mean squared error and R² of numbers against those expected: `R² = 1 − Σ (y − ŷ)² / Σ (y − ȳ)²`, ȳ the mean of each output.
 *
 * @param values `rows · width` numbers, row after row
 * @param expected as many
 * @throws NetSpaceError `SHAPE_MISMATCH` if there are not equally many
 * @example
 * ```ts
 * import { outputError } from '@netspace/zoo';
 *
 * console.log(outputError([1, 2, 4], [1, 2, 3], 1)); // { mse: 0.3333333333333333, r2: 0.5 }
 * ```
 */
export function outputError(values: ArrayLike<number>, expected: ArrayLike<number>, width: number): OutputError {
  if (values.length !== expected.length || values.length === 0 || values.length % width !== 0) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `outputError: expected as many numbers as ${expected.length}, in rows of ${width}, got ${values.length}`,
    );
  }
  const means = new Float64Array(width);
  for (let i = 0; i < expected.length; i++) means[i % width]! += (expected[i]! * width) / expected.length;
  let [residual, total] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    residual += (values[i]! - expected[i]!) ** 2;
    total += (expected[i]! - means[i % width]!) ** 2;
  }
  // Equal numbers of any size differ from their mean by rounding alone.
  const scale = Math.max(...means.map(Math.abs), Number.MIN_VALUE);
  return { mse: residual / expected.length, r2: total > expected.length * (1e-7 * scale) ** 2 ? 1 - residual / total : null };
}

/**
 * How far a network's outputs are from the targets of a data set.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the data set has no targets, `SHAPE_MISMATCH` if they are of another size than the outputs; as
 *   `predictOutputs`
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { createTensorDataset, initialize, siren, targetError } from '@netspace/zoo';
 *
 * const architecture = siren({ inputs: 1, outputs: 1, hidden: 4, layers: 0 });
 * const network = { architecture, parameters: initialize(architecture.parameters, { seed: 1, scheme: 'siren' }) };
 * const line = { inputs: Float32Array.of(0, 0.5, 1), shape: [1], targets: Float32Array.of(0, 0.5, 1), targetShape: [1] };
 * const { mse } = await targetError(network, createTensorDataset({ name: 'line', ...line }));
 * console.log(mse > 0); // true
 * ```
 */
export async function targetError(instance: Instance, dataset: Dataset, options: EvaluationOptions = {}): Promise<OutputError> {
  const expected = seenTargets('targetError', dataset, options);
  const { values, width } = await predictOutputs(instance, dataset, options);
  if (values.length === expected.length) return outputError(values, expected, width);
  const each = (expected.length * width) / values.length;
  throw new NetSpaceError('SHAPE_MISMATCH', `targetError: expected ${each} outputs of ${instance.architecture.name} for the targets of ${dataset.name}, got ${width}; use data of its task`); // prettier-ignore
}

/** The targets of the inputs that are used, in order. */
export function seenTargets(caller: string, dataset: Dataset, { limit = Infinity }: Pick<EvaluationOptions, 'limit'>): Float32Array {
  const { targets } = isTensorDataset(dataset) ? dataset : {};
  if (targets === undefined) {
    throw new NetSpaceError('INVALID_OPTION', `${caller}: expected targets in ${dataset.name}, got none; give the tensor, or columns, that networks should give: targets=NAME`); // prettier-ignore
  }
  const each = targets.length / dataset.count;
  const rows = evenlySpread(Math.min(limit, dataset.count), dataset.count);
  const seen = new Float32Array(rows.length * each);
  rows.forEach((row, i) => seen.set(targets.subarray(row * each, (row + 1) * each), i * each));
  return seen;
}
