import { NetSpaceError, type Architecture, type Instance, type Purpose } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

import { checkTensors } from '../layers/network.js';
import { fingerprint } from './fingerprint.js';
import { purposeOf } from './purpose-of.js';
import type { LayerCall } from './graph.js';
import { planModel, type Affine, type Plan } from './plan.js';

export interface ArchitectureFromLayersModelOptions {
  /** What the architecture is called; by default `layers-model-` and a fingerprint of its layers, the same for equal models. */
  readonly name?: string;
  /**
   * What its networks are for.
   *
   * @default 'classifier' where images go in and two or more logits come out (the last layer has no activation), otherwise 'other'
   */
  readonly purpose?: Purpose;
}

/**
 * The architecture of any `tf.LayersModel`, sequential or functional: its layers run as ever, but on the parameters they are given.
 *
 * Batch norm that directly follows a convolution or dense layer is folded into it; elsewhere it is kept as a weight and a bias per
 * channel. Dropout and noise are off. Parameters are in the order in which the layers run, kernels in PyTorch's memory order. The
 * model must not be disposed while the architecture is used; its own values are never read or changed.
 *
 * @param model built, one input, one output
 * @throws NetSpaceError `UNSUPPORTED` if a layer is stateful or has variables that are not float32, or the model has several inputs
 *   or outputs; `INVALID_OPTION` if it has not been built
 */
export function architectureFromLayersModel(model: LayersModel, { name, purpose }: ArchitectureFromLayersModelOptions = {}): Architecture {
  const plan = planModel('architectureFromLayersModel', model);
  const specs = plan.bindings.map(({ spec }) => spec);
  const ownName = name ?? `layers-model-${fingerprint(plan.graph)}`;
  return {
    name: ownName,
    purpose: purpose ?? purposeOf(plan.graph),
    parameters: specs,
    apply(parameters, x) {
      checkTensors(ownName, specs, parameters);
      checkInput(ownName, plan.graph.inputShape, x);
      return tf.tidy(() => withParameters(plan, parameters, () => run(plan, parameters, x)));
    },
  };
}

/**
 * The values of a model as an instance of its architecture, batch norm folded; the caller owns its tensors.
 *
 * @param model the model that the architecture is of, or another of the same layers
 * @throws NetSpaceError `SHAPE_MISMATCH` if the architecture has other parameters than the model
 */
export function instanceFromLayersModel<Name extends string>(model: LayersModel, architecture: Architecture<Name>): Instance<Name> {
  const { bindings } = planModel('instanceFromLayersModel', model);
  const parameters = tf.tidy(() => bindings.map(({ value }) => tf.clone(value())));
  try {
    checkTensors(`instanceFromLayersModel: ${architecture.name}`, architecture.parameters, parameters);
  } catch (error) {
    tf.dispose(parameters);
    throw error;
  }
  return { architecture, parameters };
}

/** Runs a task while the layers' variables read the given tensors. */
function withParameters<T>({ bindings }: Plan, parameters: readonly tf.Tensor[], task: () => T): T {
  const variables = bindings.flatMap(({ variable }, i) => (variable === undefined ? [] : [{ variable, tensor: parameters[i]! }]));
  try {
    for (const { variable, tensor } of variables) {
      const shape = variable.shape.map((size) => size ?? -1);
      const value = tf.util.arraysEqual(shape, tensor.shape) ? tensor : tf.reshape(tensor, shape);
      Object.defineProperty(variable, 'read', { value: () => value, configurable: true });
    }
    return task();
  } finally {
    for (const { variable } of variables) Reflect.deleteProperty(variable, 'read');
  }
}

/** A tensor and its mask, which recurrent layers pass on. */
interface Flow {
  readonly tensor: tf.Tensor;
  readonly mask: tf.Tensor | null;
}

function run({ graph, norms }: Plan, parameters: readonly tf.Tensor[], x: tf.Tensor): tf.Tensor {
  const flows = new Map<number, Flow>([[0, { tensor: x, mask: null }]]);
  for (const call of graph.calls) {
    const inputs = call.inputs.map((slot) => flows.get(slot)!);
    const affine = norms.get(call);
    const outputs =
      affine === undefined ? callLayer(call, inputs) : [{ ...inputs[0]!, tensor: applyAffine(affine, parameters, inputs[0]!.tensor) }];
    call.outputs.forEach((slot, i) => flows.set(slot, outputs[i]!));
  }
  return flows.get(graph.output)!.tensor;
}

/** As tf.layers runs a model's inner graph. */
function callLayer({ layer, callArgs }: LayerCall, inputs: readonly Flow[]): Flow[] {
  const tensors = oneOrAll(inputs.map(({ tensor }) => tensor));
  const masks = oneOrAll(inputs.map(({ mask }) => mask));
  const outputs = toList(layer.call(tensors, { mask: masks, ...callArgs, training: false }));
  // The declared type leaves out null, which stands for no mask.
  const outputMasks: readonly (tf.Tensor | null)[] = toList(layer.computeMask(tensors, masks as tf.Tensor | tf.Tensor[]));
  return outputs.map((tensor, i) => ({ tensor, mask: outputMasks[i] ?? null }));
}

const oneOrAll = <T>(list: T[]): T | T[] => (list.length === 1 ? list[0]! : list);
const toList = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

function applyAffine({ scale, shift, shape }: Affine, parameters: readonly tf.Tensor[], x: tf.Tensor): tf.Tensor {
  const factor = (index: number): tf.Tensor => (shape.length === 1 ? parameters[index]! : tf.reshape(parameters[index]!, [...shape]));
  const scaled = scale === undefined ? x : tf.mul(x, factor(scale));
  return shift === undefined ? scaled : tf.add(scaled, factor(shift));
}

function checkInput(name: string, expected: readonly (number | null)[], x: tf.Tensor): void {
  if (x.rank !== expected.length || expected.some((size, axis) => size !== null && axis > 0 && size !== x.shape[axis])) {
    const shape = ['batch', ...expected.slice(1).map((size) => size ?? 'any')].join(', ');
    throw new NetSpaceError('SHAPE_MISMATCH', `${name}: expected x as [${shape}], got [${x.shape}]; pass what the model takes`);
  }
}
