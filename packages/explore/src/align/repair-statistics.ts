import { type Instance, NetSpaceError } from '@netspace/prep';
import {
  describeSymmetries,
  type GivenBy,
  type Inputs,
  instance as anInstance,
  interceptKernels,
  type LayerSums,
  objectOf,
  parseOptions,
  type RunKernel,
  runOnLabels,
  share,
  tensor,
  withAllOutputs,
  withDefault,
} from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { otherCourse } from './other-course.js';

/** See {@link RepairOptions}. */
export const repairOptions = objectOf({
  /** A batch that the networks take; the statistics are of it. */
  inputs: tensor,
  /**
   * Where the network lies between both ends, as in `interpolateWeights`.
   * @default 0.5
   */
  gamma: withDefault(share, 0.5),
});

/** Options of {@link repairStatistics}. */
export interface RepairOptions extends GivenBy<typeof repairOptions> {}

const networks = objectOf({ average: anInstance, a: anInstance, b: anInstance });

/**
 * Gives the hidden units of an average of two networks the mean and the spread that lie between those of both: averages of weights have units
 * that hardly vary, which is most of what they lose.
 *
 * Layer by layer, the sums z of each unit (before what comes behind the layer) become `(z − μ) σ* / σ + μ*` with `μ* = (1 − γ) μ_a + γ μ_b` and
 * σ* likewise; the layer's weight and bias take this in. So no batch norm is needed: those of the paper's ResNets are folded away. Layers
 * without a bias, layers that run twice and the outputs stay as they are.
 *
 * @param average of both networks, see `interpolateWeights`
 * @param a at γ = 0
 * @param b at γ = 1, aligned with `a`: see `align`
 * @returns a network with tensors of its own, which the caller disposes
 * @throws NetSpaceError `UNSUPPORTED` if the architectures differ, `INVALID_OPTION` for options that are unknown or out of range
 * @see Jordan, Sedghi, Saukh, Entezari, Neyshabur, "REPAIR: REnormalizing Permuted Activations for Interpolation Repair", arXiv:2211.08403
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { align, interpolateWeights, repairStatistics } from '@netspace/explore';
 * import { initialize, lenetLike } from '@netspace/zoo';
 *
 * const architecture = lenetLike({ width: 0.1 });
 * const [a, b] = [1, 2].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) }));
 * const { instance } = await align(a!, b!);
 * const [average] = interpolateWeights(a!, instance, [0.5]);
 * const repaired = repairStatistics(average!, a!, instance, { inputs: tf.randomNormal([64, 32, 32, 3]) });
 * console.log(repaired.parameters.length); // 10
 * ```
 */
export function repairStatistics<Name extends string>(
  average: Instance<Name>,
  a: Instance<Name>,
  b: Instance<Name>,
  options: RepairOptions,
): Instance<Name> {
  const { inputs, gamma } = parseOptions('repairStatistics', repairOptions, options);
  parseOptions('repairStatistics', networks, { average, a, b });
  const names = [average, a, b].map(({ architecture }) => architecture.name);
  if (new Set(names).size > 1) {
    throw new NetSpaceError('UNSUPPORTED', `repairStatistics: expected three networks of one architecture, got ${names.join(', ')}`);
  }
  const { architecture } = average;
  const layers = repairable(architecture, inputs.shape);
  const kept: tf.Tensor[] = []; // the network's own tidies would dispose of them
  const keep = <T extends tf.Tensor>(one: T): T => {
    kept.push(tf.keep(one));
    return one;
  };
  try {
    const [atA, atB] = [a, b].map((end) => {
      const found: Statistics[] = [];
      runLayers(end, inputs, layers, (sums, layer) => {
        const { mean, spread } = statisticsOf(sums, layers[layer]!.place);
        found[layer] = { mean: keep(mean), spread: keep(spread) };
        return sums;
      });
      return found;
    }) as [Statistics[], Statistics[]];
    const changes: { readonly factor: tf.Tensor; readonly shift: tf.Tensor }[] = [];
    runLayers(average, inputs, layers, (sums, layer) => {
      const { place } = layers[layer]!;
      const now = statisticsOf(sums, place);
      const between = (key: keyof Statistics) => tf.add(tf.mul(atA[layer]![key], 1 - gamma), tf.mul(atB[layer]![key], gamma));
      // A unit that never varies cannot be made to; what its sums differ by is rounding.
      const varies = tf.greater(now.spread, tf.maximum(tf.mul(tf.abs(now.mean), ROUNDING), SMALLEST));
      const factor = tf.where(varies, tf.div(between('spread'), tf.maximum(now.spread, SMALLEST)), tf.onesLike(now.spread));
      const shift = tf.sub(between('mean'), tf.mul(now.mean, factor));
      changes[layer] = { factor: keep(factor), shift: keep(shift) };
      return tf.add(tf.mul(sums, along(factor, place, sums.rank)), along(shift, place, sums.rank));
    });
    const parameters = tf.tidy(() => {
      const repaired = average.parameters.map((one) => tf.clone(one));
      layers.forEach(({ weight, weightAxis, bias }, layer) => {
        const { factor, shift } = changes[layer]!;
        repaired[weight] = tf.mul(repaired[weight]!, along(factor, weightAxis, repaired[weight]!.rank));
        repaired[bias!] = tf.add(tf.mul(repaired[bias!]!, factor), shift);
      });
      return repaired;
    });
    return { architecture, parameters };
  } finally {
    tf.dispose(kept);
  }
}

/** Sums whose spread is below this count as constant. */
const SMALLEST = 1e-12;
/** Of float32, over many sums: a spread that is less than this share of the mean counts as none. */
const ROUNDING = 1e-5;

/** Of each unit of a layer, `[units]`. */
interface Statistics {
  readonly mean: tf.Tensor;
  readonly spread: tf.Tensor;
}

/** Layers with a bias whose units are hidden and whose parameters are theirs alone. */
function repairable(architecture: Instance['architecture'], inputShape: readonly number[]): readonly LayerSums[] {
  const run = runOnLabels(withAllOutputs(architecture), inputShape);
  const { specs } = describeSymmetries(architecture.parameters, run);
  const uses = (key: 'weight' | 'bias', parameter: number | undefined) => run.layers.filter((layer) => layer[key] === parameter).length;
  const isHidden = ({ bias }: LayerSums): boolean => specs[bias!]!.channels?.[0] !== undefined;
  return run.layers.filter((layer) => isHidden(layer) && uses('weight', layer.weight) === 1 && uses('bias', layer.bias) === 1);
}

/** Runs a network with what a function makes of the sums of each layer. */
function runLayers(
  { architecture, parameters }: Instance,
  inputs: tf.Tensor,
  layers: readonly LayerSums[],
  change: (sums: tf.Tensor, layer: number) => tf.Tensor,
): void {
  const byCall = new Map(layers.map(({ call }, i) => [call, i]));
  interceptKernels(
    (run, call, kernel, given, attributes) => {
      const layer = byCall.get(call);
      if (layer === undefined) return run(kernel, given, attributes);
      if (layers[layer]!.kernel !== kernel) throw otherCourse('repairStatistics', architecture.name);
      // What is fused behind the sums comes after the change.
      const isFused = attributes['activation'] !== undefined;
      const sums = (isFused ? run(kernel, { ...given, preluActivationWeights: undefined }, { ...attributes, activation: 'linear' }) : run(kernel, given, attributes)) as tf.Tensor; // prettier-ignore
      return activated(run, change(sums, layer), given, attributes);
    },
    () => tf.tidy(() => void withAllOutputs(architecture).apply(parameters, inputs)),
  );
}

/** The kernels of the activations that a layer may have fused into it. */
const ACTIVATIONS: Readonly<Record<string, string>> = { relu: 'Relu', relu6: 'Relu6', elu: 'Elu', sigmoid: 'Sigmoid', leakyrelu: 'LeakyRelu', prelu: 'Prelu' }; // prettier-ignore

function activated(run: RunKernel, sums: tf.Tensor, given: Inputs, attributes: Readonly<Record<string, unknown>>): tf.Tensor {
  const activation = (attributes['activation'] ?? 'linear') as string;
  if (activation === 'linear') return sums;
  const slopes = given['preluActivationWeights'];
  const more = slopes === undefined || slopes === null ? {} : { alpha: slopes };
  return run(ACTIVATIONS[activation]!, { x: sums, ...more }, { alpha: attributes['leakyreluAlpha'] }) as tf.Tensor;
}

function statisticsOf(sums: tf.Tensor, place: number): Statistics {
  const { mean, variance } = tf.moments(
    sums,
    sums.shape.map((_, axis) => axis).filter((axis) => axis !== place),
  );
  return { mean, spread: tf.sqrt(variance) };
}

/** `[units]` as something that meets one axis of a tensor. */
const along = (values: tf.Tensor, place: number, rank: number): tf.Tensor =>
  tf.reshape(
    values,
    Array.from({ length: rank }, (_, axis) => (axis === place ? -1 : 1)),
  );
