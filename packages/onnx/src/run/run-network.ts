import { type NamedTensors, NetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import type { Budget } from '../limits.js';
import type { End, OnnxNetwork } from '../network.js';
import { hostOfRaw } from './constants.js';
import { createExecutor } from './execute.js';
import { channelsLast, type Host, onDevice, plain, range, stored, tensorOf, type Value } from './value.js';

type Run = (parameters: readonly tf.Tensor[], inputs: NamedTensors, outputs: number) => Record<string, tf.Tensor>;

/** What runs a network on parameters and named inputs; within `tf.tidy`. */
export function runNetwork(network: OnnxNetwork, name: string, budget: Budget): Run {
  const { graph, bindings, inputs, outputs, fixedBatch } = network;
  const bound = new Set(bindings.map(({ value }) => value));
  const constants = new Map<string, Host>();
  const constant = (value: string): Host | undefined => {
    if (bound.has(value)) return undefined;
    const known = constants.get(value);
    const tensor = known === undefined ? graph.initializers.get(value) : undefined;
    if (tensor === undefined) return known;
    const made = hostOfRaw(tensor.read());
    constants.set(value, made);
    return made;
  };
  const executors = range(outputs.length + 1).map((count) =>
    createExecutor(graph.nodes, {
      constants: constant,
      outputs: outputs.slice(0, count).map((end) => end.name),
      opset: graph.opset,
      budget,
    }),
  );
  const runOnce: Run = (parameters, given, count) => {
    const values = new Map<string, Value>();
    bindings.forEach(({ value, axes, valueShape }, i) => {
      const tensor = parameters[i]!;
      values.set(value, valueShape === undefined ? { tensor, axes } : plain(tf.reshape(tensor, [...valueShape])));
    });
    for (const end of inputs) values.set(end.name, inputValue(end, given[end.name]!));
    const key = inputs.map((end) => given[end.name]!.shape.join('x')).join();
    const results = executors[count]!.run(values, key);
    return Object.fromEntries(outputs.slice(0, count).map((end) => [end.name, outputTensor(end, results.get(end.name)!)]));
  };
  return (parameters, given, count) => {
    checkInputs(name, inputs, given, fixedBatch);
    const batch = given[inputs[0]?.name ?? '']?.shape[0];
    if (fixedBatch === undefined || batch === fixedBatch || batch === undefined) return runOnce(parameters, given, count);
    return inPieces(name, fixedBatch, batch, given, (piece) => runOnce(parameters, piece, count));
  };
}

/** A graph that was exported for one batch size runs on as many examples at a time. */
function inPieces(name: string, size: number, batch: number, given: NamedTensors, run: (piece: NamedTensors) => Record<string, tf.Tensor>) {
  if (batch % size !== 0) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `${name}: expected a multiple of ${size} examples, the batch that the file was exported with, got ${batch}; export it with a dynamic batch axis (dynamic_axes, dynamic_shapes)`,
    );
  }
  const pieces = range(batch / size).map((i) =>
    run(Object.fromEntries(Object.entries(given).map(([key, x]) => [key, tf.slice(x, i * size, size)]))),
  );
  return Object.fromEntries(Object.keys(pieces[0]!).map((key) => [key, tf.concat(pieces.map((piece) => piece[key]!), 0)])); // prettier-ignore
}

function inputValue({ image, kind }: End, x: tf.Tensor): Value {
  const cast = x.dtype === kind ? x : tf.cast(x, kind);
  return image ? { tensor: cast, axes: channelsLast(x.rank) } : plain(cast);
}

function outputTensor({ image }: End, value: Value): tf.Tensor {
  const view = onDevice(value);
  const tensor = image && view.axes.length > 2 ? stored(view, channelsLast(view.axes.length)) : tensorOf(view);
  return tf.clone(tensor);
}

function checkInputs(name: string, inputs: readonly End[], given: NamedTensors, fixedBatch: number | undefined): void {
  const unknown = Object.keys(given).find((key) => !inputs.some((end) => end.name === key));
  const list = inputs.map((end) => end.name).join(', ');
  if (unknown !== undefined) throw new NetSpaceError('INVALID_OPTION', `${name}: expected inputs ${list}, got ${unknown}; leave it out`);
  for (const { name: key, shape, image } of inputs) {
    const x = given[key];
    if (x === undefined) throw new NetSpaceError('INVALID_OPTION', `${name}: expected inputs ${list}, got no ${key}; pass it too`);
    if (shape === undefined) continue;
    const expected = image ? [shape[0], ...shape.slice(2), shape[1]] : shape;
    const fits = x.rank === expected.length && expected.every((side, axis) => typeof side !== 'number' || side === x.shape[axis] || (axis === 0 && fixedBatch !== undefined)); // prettier-ignore
    if (fits) continue;
    const words = expected.map((side, axis) => (axis === 0 && (side === null || fixedBatch !== undefined) ? 'batch' : (side ?? 'any')));
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `${name}: expected ${key} as [${words.join(', ')}], got [${x.shape}]; ${image ? 'images are [batch, height, width, channels]' : 'pass what the file was exported for'}`,
    );
  }
}
