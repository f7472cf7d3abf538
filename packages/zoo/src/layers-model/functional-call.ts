import {
  NetSpaceError,
  splitInputs,
  tensorShape,
  type Architecture,
  type Instance,
  type NamedTensors,
  type TensorSpec,
} from '@netspace/prep';
import {
  addSymmetriesLazily,
  checkFiniteTensors,
  type GivenBy,
  objectOf,
  oneOf,
  optional,
  parseOptions,
  PURPOSES,
  text,
  withDefault,
} from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

import { checkTensors } from '../layers/network.js';
import { isBuiltIn } from './graph/built-in.js';
import { rememberEarlier } from './parameters/earlier.js';
import { endingOf } from './ending.js';
import { describeModel, fingerprint, firstDifference, type ModelDescription } from './name/fingerprint.js';
import { rememberPlan } from './made-of.js';
import { planModel, type Plan } from './plan.js';
import { run, strangersIn } from './run.js';
import { purposeOf } from './purpose-of.js';

/** See {@link ArchitectureFromLayersModelOptions}. */
export const architectureFromLayersModelOptions = objectOf({
  /**
   * The name of the architecture.
   * @default `layers-model-` and a fingerprint of its layers, the same for equal models
   */
  name: optional(text),
  /**
   * The result of `apply` if the model ends in a softmax: `logits`, whose softmax the model predicts, or `values`, exactly what the model
   * predicts. Losses and measures of classifiers need logits; otherwise a softmax of a softmax would be trained.
   * @default 'logits'
   */
  outputs: withDefault(oneOf(['logits', 'values']), 'logits'),
  /**
   * The purpose of its networks.
   * @default 'classifier' if the model takes images and gives two or more logits (the last layer has no activation, or a softmax that is
   * undone), otherwise 'other'
   */
  purpose: optional(oneOf(PURPOSES)),
});

/** Options of {@link architectureFromLayersModel}. */
export interface ArchitectureFromLayersModelOptions extends GivenBy<typeof architectureFromLayersModelOptions> {}

/**
 * The architecture of any `tf.LayersModel`, sequential or functional: `apply` computes what `model.predict` computes, but on the parameters
 * it is given.
 *
 * A softmax at the end is left out, or undone by a logarithm if other layers read the probabilities too. So the results are logits. Batch
 * norm that directly follows a convolution or dense layer is folded into it; elsewhere it is kept as a weight and a bias per channel.
 * `batchNorms` lists them by the names of their layers, so that `instanceFromCheckpoint` folds those of a state dict with the same names.
 * Dropout and noise are off. Parameters are in the order in which the layers run, and kernels are in PyTorch's memory order; after a
 * flattened image they are channel by channel, as in PyTorch. Which of its channels are hidden is found when somebody first asks for a
 * spec's `channels`. Layers inside wrappers, nested models and layers of your own are found. The model must not be disposed while the
 * architecture is used; its own values are never changed.
 *
 * A model of several inputs runs by `applyNamed`, one of several outputs gives the first by `apply` and all by `applyNamed`; `inputs` and `outputs`
 * have their names.
 *
 * @param model built
 * @throws NetSpaceError `UNSUPPORTED`, naming the layer, if one is stateful, random, ends the model in a sigmoid, or computes with
 * something that is no weight; `INVALID_OPTION` if it has not been built, or for options
 * that are unknown or wrong
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { architectureFromLayersModel } from '@netspace/zoo';
 *
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4], activation: 'softmax', name: 'fc' })] });
 * const { parameters } = architectureFromLayersModel(model);
 * console.log(parameters.map(({ name, shape }) => `${name} [${shape}]`)); // [ 'fc.weight [3,4]', 'fc.bias [3]' ]
 * ```
 */
export function architectureFromLayersModel(model: LayersModel, options: ArchitectureFromLayersModelOptions = {}): Architecture {
  const caller = 'architectureFromLayersModel';
  const { name, purpose, outputs } = parseOptions(caller, architectureFromLayersModelOptions, options);
  const plan = planModel(caller, model);
  const { ends } = plan.graph;
  const found = plan.graph.outputs.map((output) => endingOf(caller, plan.graph, output));
  const refused = found.find((ending) => ending?.kind === 'refuse');
  if (outputs === 'logits' && refused?.kind === 'refuse') throw refused.error;
  const endings = found.map((ending) => (outputs === 'values' || ending?.kind === 'refuse' ? undefined : ending));
  const specs = plan.bindings.map(({ spec }) => spec);
  const staysSoftmax = found.some((ending, i) => ending !== undefined && ending.kind !== 'refuse' && endings[i] === undefined);
  const ownName = name ?? `layers-model-${fingerprint(plan)}${staysSoftmax ? '-values' : ''}`;
  const check = strangersCheck(caller, plan);
  descriptions.set(specs, describeModel(plan));
  rememberPlan(specs, plan);
  rememberEarlier(
    specs,
    plan.bindings.map(({ earlier }) => earlier),
  );
  const outputsOf = (parameters: readonly tf.Tensor[], inputs: readonly tf.Tensor[]): tf.Tensor[] => {
    checkTensors(ownName, specs, parameters);
    inputs.forEach((x, i) => checkInput(ownName, ends.inputs.length === 1 ? 'x' : ends.inputs[i]!.name, plan.graph.inputShapes[i]!, x));
    check(parameters, inputs);
    return run(plan, endings, parameters, inputs);
  };
  const architecture: Architecture = {
    name: ownName,
    purpose: purpose ?? purposeOf(plan.graph, endings[0]),
    parameters: specs,
    ...(plan.batchNorms.length > 0 && { batchNorms: plan.batchNorms }),
    ...ends,
    apply(parameters, x) {
      if (ends.inputs.length === 1) return tf.tidy(() => outputsOf(parameters, [x])[0]!);
      const names = ends.inputs.map((end) => end.name).join(', ');
      throw new NetSpaceError('UNSUPPORTED', `${ownName}: expected a network of one input, got ${ends.inputs.length} (${names}); call applyNamed with all of them`); // prettier-ignore
    },
    applyNamed(parameters, given) {
      const inputs = inputsInOrder(ownName, ends.inputs, given);
      return Object.fromEntries(outputsOf(parameters, inputs).map((output, i) => [ends.outputs[i]!.name, output]));
    },
  };
  const all = (parameters: readonly tf.Tensor[], x: tf.Tensor): tf.Tensor => {
    const given = ends.inputs.length === 1 ? [x] : inputsInOrder(ownName, ends.inputs, splitInputs(architecture, x));
    return outputsOf(parameters, given) as never;
  };
  const isPlain = ends.inputs.length === 1 && ends.outputs.length === 1;
  addSymmetriesLazily(isPlain ? architecture : { ...architecture, apply: all }, shapesOfInput(plan));
  return architecture;
}

/** Named inputs in the model's order; refuses others. */
function inputsInOrder(name: string, inputs: readonly TensorSpec[], given: NamedTensors): tf.Tensor[] {
  const list = inputs.map((end) => end.name).join(', ');
  const unknown = Object.keys(given).find((key) => !inputs.some((end) => end.name === key));
  if (unknown !== undefined) throw new NetSpaceError('INVALID_OPTION', `${name}: expected inputs ${list}, got ${unknown}; leave it out`);
  return inputs.map((end) => {
    const x = given[end.name];
    if (x !== undefined) return x;
    throw new NetSpaceError('INVALID_OPTION', `${name}: expected inputs ${list}, got no ${end.name}; pass it too`);
  });
}

/** Shapes of one input, of several side by side; sizes that are left open are tried small first. */
const shapesOfInput = ({ graph: { inputShapes } }: Plan): readonly (readonly number[])[] => {
  const shapes = inputShapes.map((shape) => shape.slice(1));
  const ofSize = (open: number): readonly number[] => {
    const sides = shapes.map((shape) => shape.map((size) => size ?? open));
    return [1, ...(sides.length === 1 ? sides[0]! : [sides.reduce((sum, one) => sum + one.reduce((size, side) => size * side, 1), 0)])];
  };
  return shapes.flat().includes(null) ? [8, 32, 128].map(ofSize) : [ofSize(1)];
};

/** The architectures that were made here, by their list of parameters, which stays the same if an architecture is copied or renamed. */
const descriptions = new WeakMap<Architecture['parameters'], ModelDescription>();

/**
 * The values of a model as an instance of its architecture, batch norm folded; the caller owns its tensors.
 *
 * @param model the model from which the architecture was made, or another with the same layers and settings
 * @throws NetSpaceError `SHAPE_MISMATCH` if the architecture has other parameters than the model, `INVALID_OPTION` if its layers differ
 *   otherwise (activation, stride, padding, …), naming the first difference, or if a weight is not finite, naming it; `UNSUPPORTED` as
 *   `architectureFromLayersModel`
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { architectureFromLayersModel, instanceFromLayersModel } from '@netspace/zoo';
 *
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4], activation: 'softmax' })] });
 * const architecture = architectureFromLayersModel(model);
 * const { parameters } = await instanceFromLayersModel(model, architecture);
 * const x = tf.ones([1, 4]);
 * const difference = tf.sub(tf.softmax(architecture.apply(parameters, x)), model.predict(x) as tf.Tensor);
 * console.log((await tf.max(tf.abs(difference)).data())[0]! < 1e-6); // true
 * ```
 */
export async function instanceFromLayersModel<Name extends string>(
  model: LayersModel,
  architecture: Architecture<Name>,
): Promise<Instance<Name>> {
  const caller = 'instanceFromLayersModel';
  const plan = planModel(caller, model);
  checkSameLayers(`${caller}: ${architecture.name}`, architecture, plan);
  const sources = [...new Set(plan.bindings.flatMap((binding) => binding.sources))];
  const parameters = tf.tidy(() => plan.bindings.map(({ value }) => tf.clone(value())));
  try {
    await checkFiniteTensors(
      caller,
      sources.map((variable) => [variable.originalName, variable.read()]),
    );
    // Finite statistics can still fold into NaN: with a negative variance.
    await checkFiniteTensors(
      caller,
      parameters.map((tensor, i) => [plan.bindings[i]!.spec.name, tensor]),
    );
  } catch (error) {
    tf.dispose(parameters);
    throw error;
  }
  return { architecture, parameters };
}

function checkSameLayers(caller: string, architecture: Architecture, plan: Plan): void {
  const specs = architecture.parameters;
  const fits = (spec: Architecture['parameters'][number] | undefined, i: number): boolean =>
    spec !== undefined && tf.util.arraysEqual(tensorShape(spec), tensorShape(plan.bindings[i]!.spec));
  const sameShapes = specs.length === plan.bindings.length && specs.every(fits);
  const known = descriptions.get(specs);
  const difference = known === undefined ? strangeNames(architecture, plan) : firstDifference(known, describeModel(plan));
  if (sameShapes && difference === undefined) return;
  const shapes = (list: Architecture['parameters']) => list.map((spec) => `${spec.name} [${tensorShape(spec)}]`).join(', ');
  const words = difference ?? `${shapes(specs)}, got ${shapes(plan.bindings.map(({ spec }) => spec))}`;
  throw new NetSpaceError(
    sameShapes ? 'INVALID_OPTION' : 'SHAPE_MISMATCH',
    `${caller}: expected ${words}; pass a model of the same layers, or make an architecture of this one`,
  );
}

/** The first parameter that the model lacks, for an architecture of which only the parameters are known. */
function strangeNames({ name, parameters }: Architecture, plan: Plan): string | undefined {
  const own = `layers-model-${fingerprint(plan)}`;
  if (/^layers-model-[0-9a-f]{13}/.test(name)) return name.startsWith(own) ? undefined : `a model of that fingerprint, got ${own}`;
  const i = parameters.findIndex((spec, at) => ![plan.bindings[at]?.spec.name, plan.bindings[at]?.earlier?.name].includes(spec.name));
  return i === -1 ? undefined : `parameter ${i + 1} to be ${parameters[i]!.name}, got ${plan.bindings[i]?.spec.name ?? 'none'}`;
}

/**
 * Refuses layers that compute with private weights. If the model can run on zeros, this is checked when the architecture is made, otherwise
 * when it first runs.
 */
function strangersCheck(caller: string, plan: Plan): (parameters: readonly tf.Tensor[], inputs: readonly tf.Tensor[]) => void {
  if (plan.units.flat().every(({ layer }) => isBuiltIn(layer))) return () => undefined;
  let checked = false;
  const check = (parameters: readonly tf.Tensor[], inputs: readonly tf.Tensor[]): void => {
    if (checked) return;
    const [layer] = strangersIn(plan, [...parameters, ...inputs], () => run(plan, [], parameters, inputs));
    if (layer !== undefined) {
      throw new NetSpaceError(
        'UNSUPPORTED',
        `${caller}: ${layer.name} (${layer.getClassName()}): expected all weights in addWeight, or in layers held as properties, got a tensor from elsewhere; every instance would compute with it`,
      );
    }
    checked = true;
  };
  try {
    tf.tidy(() =>
      check(
        plan.bindings.map(({ spec }) => tf.zeros(tensorShape(spec))),
        plan.graph.inputShapes.map((shape) => tf.zeros(shape.map((size, axis) => size ?? (axis === 0 ? 1 : 8)))),
      ),
    );
  } catch (error) {
    if (error instanceof NetSpaceError) throw error; // other errors are those of the layers, and come again when they run
  }
  return check;
}

function checkInput(name: string, input: string, expected: readonly (number | null)[], x: tf.Tensor): void {
  if (x.rank !== expected.length || expected.some((size, axis) => size !== null && axis > 0 && size !== x.shape[axis])) {
    const shape = ['batch', ...expected.slice(1).map((size) => size ?? 'any')].join(', ');
    throw new NetSpaceError('SHAPE_MISMATCH', `${name}: expected ${input} as [${shape}], got [${x.shape}]; pass what the model takes`);
  }
}
