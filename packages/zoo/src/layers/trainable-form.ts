import { foldBatchNorm, type Architecture, type ParameterSpec } from '@netspace/prep';
import { unstack } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { isZooName, networkByName } from '../architectures/by-name.js';
import { normalizeBatch, updateRunning, type Moments } from './batch-norm.js';
import { convolve } from './conv.js';
import { lookUp, plainLayers, type Layers, type Lookup } from './layers.js';
import { groupedConvolution } from './grouped-convolution.js';
import { checkInput, checkTensors, defineArchitecture, type Network, networkOf, type UnfoldedNames } from './network.js';
import { networksFirst, wideFilter, wideInput, type WideInput, wideLayers, wideVector } from './wide-layers.js';

/** An architecture in the form in which it is trained: with batch norm if its authors train it so. The batch norm is folded afterwards. */
export interface TrainableArchitecture<Name extends string = string> {
  /** The architecture that it folds to. */
  readonly architecture: Architecture<Name>;
  /** In PyTorch's order and under the names of the authors' unfolded network. */
  readonly parameters: readonly ParameterSpec[];
  /** Running mean and variance of each norm; empty without batch norm. `initialize` starts them at 0 and 1. */
  readonly statistics: readonly ParameterSpec[];
  /**
   * Runs the network: on its batch's own statistics in training, on the running ones otherwise. Differentiable in parameters and x.
   *
   * @returns logits `[batch, classes]`, and the statistics after this batch (new tensors; unchanged outside training)
   * @throws NetSpaceError `SHAPE_MISMATCH` if a tensor does not have its spec's shape
   */
  apply(
    parameters: readonly tf.Tensor[],
    statistics: readonly tf.Tensor[],
    x: tf.Tensor,
    options: { readonly training: boolean },
  ): { output: tf.Tensor; statistics: readonly tf.Tensor[] };
  /**
   * Trains K networks at once, each on a batch of its own: `apply` in training, K times.
   *
   * No number of one network reaches another, not even NaN.
   *
   * @param parameters one tensor a spec with a leading axis K
   * @param statistics likewise
   * @param x `[K, batch, …]`, or images side by side in their channels, `[batch, height, width, K · channels]`
   * @returns logits `[K, batch, classes]`, and the statistics after this batch with their leading axis
   * @throws NetSpaceError `SHAPE_MISMATCH` if a tensor does not have its spec's shape
   */
  applyMany(
    parameters: readonly tf.Tensor[],
    statistics: readonly tf.Tensor[],
    x: tf.Tensor,
  ): { output: tf.Tensor; statistics: readonly tf.Tensor[] };
  /** The parameters of `architecture` that do the same outside training; new tensors, differentiable. */
  fold(parameters: readonly tf.Tensor[], statistics: readonly tf.Tensor[]): tf.Tensor[];
}

/**
 * The form in which an architecture is trained.
 *
 * ResNets have a batch norm after each convolution, which then has no bias: ε 1e-5, momentum 0.1 with the unbiased variance, as in
 * PyTorch. Everything else trains as it is.
 *
 * @param architecture one of the zoo, by itself or by name, or any other
 * @throws NetSpaceError `NOT_FOUND` if a name is not one of the zoo
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { initialize, trainableForm } from '@netspace/zoo';
 *
 * const form = trainableForm('resnet8-1x28x28-10-w0.25');
 * const parameters = initialize(form.parameters, { seed: 1 });
 * const statistics = initialize(form.statistics, { seed: 1 });
 * const x = tf.ones([2, 28, 28, 1]);
 * const { output } = form.apply(parameters, statistics, x, { training: false });
 * const folded = form.architecture.apply(form.fold(parameters, statistics), x); // without batch norm
 * console.log((await tf.max(tf.abs(tf.sub(output, folded))).data())[0]! < 1e-4); // true
 * ```
 */
export function trainableForm(architecture: Architecture | string): TrainableArchitecture {
  const byName = typeof architecture === 'string';
  const name = byName ? architecture : architecture.name;
  const network = byName || isZooName(name) ? networkByName('trainableForm', name) : undefined;
  const target = byName ? defineArchitecture(networkByName('trainableForm', name)) : architecture;
  return network?.unfolded === undefined
    ? asItIs(target, networkOf(target))
    : withBatchNorm(target, { ...network, unfolded: network.unfolded });
}

/** @param network undefined for an architecture whose layers are unknown: K of them run one after the other */
const asItIs = (architecture: Architecture, network: Network | undefined): TrainableArchitecture => ({
  architecture,
  parameters: architecture.parameters,
  statistics: [],
  apply: (parameters, _, x) => ({ output: architecture.apply(parameters, x), statistics: [] }),
  applyMany(parameters, _, x) {
    if (network === undefined) return { output: applyEach(architecture, parameters, x), statistics: [] };
    const { parameters: specs, name } = architecture;
    const shape = checkMany(network, { caller: name, specs, parameters }, x);
    const output = tf.tidy(() => {
      const input = wideInput(x, shape);
      return asMany(network.forward(wideLayers(lookUp(specs, parameters), { ...shape, input }), input), shape.count);
    });
    return { output, statistics: [] };
  },
  fold: (parameters) => parameters.map((parameter) => tf.clone(parameter)),
});

type NormalizedNetwork = Network & Required<Pick<Network, 'unfolded'>>;

function withBatchNorm(architecture: Architecture, network: NormalizedNetwork): TrainableArchitecture {
  const convolutions = architecture.parameters.filter(({ shape }) => shape.length === 4).map(({ name }) => layerOf(name));
  const parameters = architecture.parameters.flatMap((spec): ParameterSpec[] => {
    if (!convolutions.includes(layerOf(spec.name))) return [spec];
    const { convolution, norm } = network.unfolded(layerOf(spec.name));
    if (spec.shape.length === 1)
      return [
        { name: `${norm}.weight`, shape: spec.shape },
        { name: `${norm}.bias`, shape: spec.shape },
      ];
    return [{ ...spec, name: `${convolution}.weight` }];
  });
  const norms = parameters.filter(({ name, shape }) => name.endsWith('.weight') && shape.length === 1);
  const statistics = norms.flatMap(({ name, shape }) => STATISTICS.map((statistic) => ({ name: `${layerOf(name)}.${statistic}`, shape })));
  const fold = (values: readonly tf.Tensor[], running: readonly tf.Tensor[]): tf.Tensor[] => {
    checkTensors(`${architecture.name}: fold`, parameters, values);
    checkTensors(`${architecture.name}: fold`, statistics, running);
    const [parameter, statistic] = [lookUp(parameters, values), lookUp(statistics, running)];
    return tf.tidy(() => {
      const folded = new Map(convolutions.map((layer) => [layer, foldLayer(network.unfolded(layer), parameter, statistic)]));
      return architecture.parameters.map(({ name, shape }) => {
        const layer = folded.get(layerOf(name));
        if (layer === undefined) return tf.clone(parameter(name));
        return shape.length === 1 ? layer.bias : layer.weight;
      });
    });
  };
  return {
    architecture,
    parameters,
    statistics,
    fold,
    apply(values, running, x, { training }) {
      checkTensors(architecture.name, parameters, values);
      checkTensors(architecture.name, statistics, running);
      checkInput(network, x);
      if (!training) {
        const output = tf.tidy(() => architecture.apply(fold(values, running), x));
        return { output, statistics: running.map((tensor) => tf.clone(tensor)) };
      }
      const [output, ...updated] = tf.tidy(() => {
        const seen = new Map<string, tf.Tensor>();
        const layers = trainingLayers(network, lookUp(parameters, values), lookUp(statistics, running), (norm, { mean, variance }) =>
          seen.set(`${norm}.running_mean`, mean).set(`${norm}.running_var`, variance),
        );
        return [network.forward(layers, x), ...statistics.map(({ name }) => seen.get(name)!)];
      });
      return { output: output!, statistics: updated };
    },
    applyMany(values, running, x) {
      const shape = checkMany(network, { caller: architecture.name, specs: parameters, parameters: values }, x);
      const { count } = shape;
      checkTensors(architecture.name, statistics, running, [count]);
      const [output, ...updated] = tf.tidy(() => {
        const seen = new Map<string, tf.Tensor>();
        const input = wideInput(x, shape);
        const layers = wideTrainingLayers(
          network,
          { parameter: lookUp(parameters, values), statistic: lookUp(statistics, running), shape: { ...shape, input } },
          (norm, { mean, variance }) => seen.set(`${norm}.running_mean`, mean).set(`${norm}.running_var`, variance),
        );
        const ofEach = (wide: tf.Tensor): tf.Tensor => tf.reshape(wide, [count, wide.size / count]);
        return [asMany(network.forward(layers, input), count), ...statistics.map(({ name }) => ofEach(seen.get(name)!))];
      });
      return { output: output!, statistics: updated };
    },
  };
}

/** K calls of `apply` for an architecture whose layers are unknown. */
const applyEach = (architecture: Architecture, parameters: readonly tf.Tensor[], x: tf.Tensor): tf.Tensor =>
  tf.tidy(() => {
    const networks = parameters.map(unstack);
    const batches = unstack(networksFirst(x, parameters[0]?.shape[0] ?? 0));
    return tf.stack(batches.map((batch, k) => architecture.apply(networks.map((tensors) => tensors[k]!), batch))); // prettier-ignore
  });

/** `[K · batch, outputs]` → `[K, batch, outputs]`. */
const asMany = (output: tf.Tensor2D, count: number): tf.Tensor3D => tf.reshape(output, [count, -1, output.shape[1]]);

interface Given {
  readonly caller: string;
  readonly specs: readonly ParameterSpec[];
  readonly parameters: readonly tf.Tensor[];
}

/** Checks the tensors of K networks and their batches. */
function checkMany(network: Network, { caller, specs, parameters }: Given, x: tf.Tensor): { count: number; batch: number } {
  const count = parameters[0]?.shape[0] ?? 0;
  checkTensors(`${caller}: applyMany`, specs, parameters, [count]);
  const isWide = network.input.length === 3 && x.rank === 4;
  if (!isWide) {
    checkInput(network, x, [count]);
    return { count, batch: x.shape[1]! };
  }
  const [height, width, channels] = network.input;
  checkInput({ name: network.name, input: [height!, width!, count * channels!] }, x);
  return { count, batch: x.shape[0]! };
}

const STATISTICS = ['running_mean', 'running_var'];

const layerOf = (parameter: string): string => parameter.slice(0, parameter.lastIndexOf('.'));

const foldLayer = ({ convolution, norm }: UnfoldedNames, parameter: Lookup, statistic: Lookup) =>
  foldBatchNorm({
    weight: parameter(`${convolution}.weight`),
    gamma: parameter(`${norm}.weight`),
    beta: parameter(`${norm}.bias`),
    mean: statistic(`${norm}.running_mean`),
    variance: statistic(`${norm}.running_var`),
  });

/** Layers that normalize each convolution by its batch and report the running statistics after it. */
const trainingLayers = (
  { unfolded }: NormalizedNetwork,
  parameter: Lookup,
  statistic: Lookup,
  report: (norm: string, running: Moments) => void,
): Layers => ({
  ...plainLayers(parameter),
  block: (run) => run(), // statistics come of its layers too
  conv(name, x, { activation = 'linear', ...options } = {}) {
    const { convolution, norm } = unfolded(name);
    const sums = convolve(x, parameter(`${convolution}.weight`), undefined, options);
    const { output, moments } = normalizeBatch(sums, parameter(`${norm}.weight`), parameter(`${norm}.bias`), activation);
    const running = { mean: statistic<tf.Rank.R1>(`${norm}.running_mean`), variance: statistic<tf.Rank.R1>(`${norm}.running_var`) };
    report(norm, updateRunning(running, moments, sums.size / sums.shape[3]));
    return output;
  },
});

interface WideParts {
  readonly parameter: Lookup;
  readonly statistic: Lookup;
  readonly shape: WideInput;
}

/** The same for K networks: of a wide network each channel has a mean of its own, so a norm is one of K · C channels. */
const wideTrainingLayers = (
  { unfolded }: NormalizedNetwork,
  { parameter, statistic, shape }: WideParts,
  report: (norm: string, running: Moments) => void,
): Layers => ({
  ...wideLayers(parameter, shape),
  block: (run) => run(),
  conv(name, x, { activation = 'linear', ...options } = {}) {
    const { convolution, norm } = unfolded(name);
    const filter = wideFilter(parameter(`${convolution}.weight`));
    const sums = groupedConvolution(x, filter, shape.count, { ...options, isInput: x === shape.input });
    const [gamma, beta] = ['weight', 'bias'].map((of) => wideVector(parameter(`${norm}.${of}`))) as [tf.Tensor1D, tf.Tensor1D];
    const { output, moments } = normalizeBatch(sums, gamma, beta, activation);
    const [mean, variance] = STATISTICS.map((of) => wideVector(statistic(`${norm}.${of}`))) as [tf.Tensor1D, tf.Tensor1D];
    report(norm, updateRunning({ mean, variance }, moments, sums.size / sums.shape[3]));
    return output;
  },
});
