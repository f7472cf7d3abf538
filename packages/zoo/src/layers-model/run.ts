import { NetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { normAxis } from './parameters/batch-norm-fold.js';
import { isBuiltIn } from './graph/built-in.js';
import type { Ending } from './ending.js';
import type { Layer } from './graph/graph.js';
import type { Affine, Plan } from './plan.js';

/** How the probabilities at each output become logits. */
export type Endings = readonly Exclude<Ending, { kind: 'refuse' }>[];

/**
 * What the model predicts when its variables read the given tensors, output by output.
 *
 * The model itself runs, so that masks, initial states and nested models work as in `predict`.
 */
export function run(plan: Plan, endings: Endings, parameters: readonly tf.Tensor[], inputs: readonly tf.Tensor[]): tf.Tensor[] {
  return tf.tidy(() => {
    const overrides = [
      ...readers(plan, parameters),
      ...affines(plan, parameters),
      ...endings.flatMap((ending) => (ending?.kind === 'strip' ? [withoutSoftmax(ending.layer)] : [])),
    ];
    const outputs = overridden(overrides, () => {
      const predict: { call(given: tf.Tensor | tf.Tensor[], options?: object): tf.Tensor | tf.Tensor[] } = plan.model;
      return [predict.call(inputs.length === 1 ? inputs[0]! : [...inputs])].flat();
    });
    return outputs.map((output, i) => (endings[i]?.kind === 'log' ? tf.log(tf.maximum(output, SMALLEST)) : output));
  });
}

/** The smallest normal float32, so that a probability of 0 gets the logit −87.3, not −∞. */
const SMALLEST = 2 ** -126;

/** A property that an object has temporarily. */
export interface Override {
  readonly target: object;
  readonly key: string;
  readonly value: unknown;
}

/** Runs a task while objects have other properties than their own. */
export function overridden<T>(overrides: readonly Override[], task: () => T): T {
  const undo: (() => void)[] = [];
  try {
    for (const { target, key, value } of overrides) {
      const before = Object.getOwnPropertyDescriptor(target, key);
      Object.defineProperty(target, key, { value, configurable: true, writable: true, enumerable: before?.enumerable ?? false });
      undo.push(() => (before === undefined ? Reflect.deleteProperty(target, key) : Object.defineProperty(target, key, before)));
    }
    return task();
  } finally {
    for (const step of undo.reverse()) step();
  }
}

function readers({ bindings }: Plan, parameters: readonly tf.Tensor[]): Override[] {
  return bindings.flatMap(({ variable }, i) => {
    if (variable === undefined) return [];
    const tensor = parameters[i]!;
    const shape = variable.shape.map((size) => size ?? -1);
    const value = tf.util.arraysEqual(shape, tensor.shape) ? tensor : tf.reshape(tensor, shape);
    const write = (): never => {
      throw new NetSpaceError(
        'UNSUPPORTED',
        `apply: ${variable.originalName}: expected weights that stay as they are at inference, got a layer that writes its own; keep no state in it`,
      );
    };
    return [
      { target: variable, key: 'read', value: () => value },
      { target: variable, key: 'write', value: write },
    ];
  });
}

function affines({ norms }: Plan, parameters: readonly tf.Tensor[]): Override[] {
  return [...norms].map(([layer, affine]) => ({
    target: layer,
    key: 'call',
    value: (inputs: tf.Tensor | tf.Tensor[]) => applyAffine(layer, affine, parameters, Array.isArray(inputs) ? inputs[0]! : inputs),
  }));
}

function applyAffine(layer: Layer, { scale, shift }: Affine, parameters: readonly tf.Tensor[], x: tf.Tensor): tf.Tensor {
  const after = x.rank - 1 - normAxis(layer, x.rank);
  // Lets a vector of the norm's axis meet the tensor: [C, 1, 1] for channels first.
  const factor = (index: number): tf.Tensor =>
    after === 0 ? parameters[index]! : tf.reshape(parameters[index]!, [-1, ...Array<number>(after).fill(1)]);
  const scaled = scale === undefined ? x : tf.mul(x, factor(scale));
  return shift === undefined ? scaled : tf.add(scaled, factor(shift));
}

const withoutSoftmax = (layer: Layer): Override =>
  layer.getClassName() === 'Softmax'
    ? { target: layer, key: 'softmax', value: (x: tf.Tensor) => x }
    : { target: layer, key: 'activation', value: { getClassName: () => 'linear', getConfig: () => ({}), apply: (x: tf.Tensor) => x } };

/**
 * Runs a task and tells which of the user's own layers computed with foreign tensors, neither given to the task nor made by it.
 *
 * Private weights of a layer are such tensors: they are in no list of weights, and every instance would compute with those of the model.
 */
export function strangersIn({ units }: Plan, given: readonly tf.Tensor[], task: () => tf.Tensor[]): readonly Layer[] {
  const engine = tf.engine();
  const first = tf.tidy(() => tf.scalar(0).id);
  const known = new Set(given.map(({ id }) => id));
  const strangers = new Set<Layer>();
  const running: Layer[] = [];
  const runKernel = engine.runKernel.bind(engine);
  const watched: typeof engine.runKernel = (kernel, inputs, attributes) => {
    const layer = running.at(-1);
    const tensors = Object.values(inputs as Record<string, tf.Tensor | tf.Tensor[] | null | undefined>).flat();
    if (layer !== undefined && tensors.some((tensor) => tensor?.id !== undefined && tensor.id < first && !known.has(tensor.id)))
      strangers.add(layer);
    return runKernel(kernel, inputs, attributes);
  };
  const layers = units.flat().flatMap(({ layer }) => (isBuiltIn(layer) ? [] : [layer]));
  const calls = layers.map((layer): Override => {
    const call = layer.call.bind(layer);
    const value: Layer['call'] = (inputs, options) => {
      running.push(layer);
      try {
        return call(inputs, options);
      } finally {
        running.pop();
      }
    };
    return { target: layer, key: 'call', value };
  });
  overridden([...calls, { target: engine, key: 'runKernel', value: watched }], () => tf.dispose(tf.tidy(task)));
  return [...strangers];
}
