import * as tf from '@tensorflow/tfjs-core';

import { flattenModel } from '../graph/flatten-model.js';
import { budgetOf, ONNX_LIMITS } from '../limits.js';
import type { TensorProto } from '../proto/messages.js';
import { readModel } from '../proto/read-model.js';
import { readTensor } from '../proto/read-tensor.js';
import { hostOfRaw } from '../run/constants.js';
import { createExecutor } from '../run/execute.js';
import { isHost, kindOf, onDevice, shapeOf, tensorOf, type Value } from '../run/value.js';

/** A model and what it makes of some inputs, each a `TensorProto`. */
interface Case {
  readonly model: Uint8Array;
  readonly inputs: readonly Uint8Array[];
  readonly outputs: readonly Uint8Array[];
}

/** Which inputs are known before the network runs, as constants of a file are. */
export type Known = 'none' | 'integers' | 'all';

/**
 * Runs a case below `architectureFromOnnx`, so that no input needs to be a parameter.
 *
 * @returns what is wrong with the outputs; nothing if they are those of the case
 * @throws NetSpaceError if the case is refused
 */
export function runNodeTest({ model, inputs, outputs }: Case, known: Known, tolerance?: number): string | undefined {
  const budget = budgetOf(ONNX_LIMITS);
  const read = (bytes: Uint8Array): TensorProto => readTensor(bytes, budget, undefined);
  const [given, expected] = [inputs.map(read), outputs.map(read)];
  const graph = flattenModel(readModel(model, budget), budget);
  const isKnown = ({ type }: TensorProto): boolean => known === 'all' || (known === 'integers' && /INT|BOOL/.test(type));
  const constants = new Map([...graph.initializers.values(), ...given.filter(isKnown)].map((one) => [one.name, hostOfRaw(one.read())]));
  const names = expected.map(({ name }) => name);
  const executor = createExecutor(graph.nodes, { constants: (name) => constants.get(name), outputs: names, opset: graph.opset, budget });
  let problem: string | undefined;
  tf.tidy(() => {
    const values = new Map(given.filter((one) => !isKnown(one)).map((one) => [one.name, onDevice(hostOfRaw(one.read()))]));
    const results = executor.run(values, '');
    for (const one of expected) problem ??= difference(one, results.get(one.name)!, tolerance);
  });
  return problem;
}

/** Half precision is computed in single precision here: what comes lies nearer to the truth than the case, within its rounding. */
const TOLERANCES: Readonly<Record<string, number>> = { FLOAT16: 2 ** -10, BFLOAT16: 2 ** -7 };

function difference(expected: TensorProto, got: Value, tolerance = TOLERANCES[expected.type] ?? 1e-5): string | undefined {
  const wanted = hostOfRaw(expected.read());
  const shape = shapeOf(got);
  if (shape.join() !== wanted.shape.join()) return `${expected.name}: shape [${shape}], expected [${wanted.shape}]`;
  if (kindOf(got) !== wanted.kind) return `${expected.name}: ${kindOf(got)}, expected ${wanted.kind}`;
  const values = isHost(got) ? got.data : tensorOf(got).dataSync();
  const size = Math.max(1, ...Array.from(wanted.data, (value) => (Number.isFinite(value) ? Math.abs(value) : 0)));
  const place = Array.from(wanted.data).findIndex((value, i) => {
    const other = values[i]!;
    return !(value === other || (Number.isNaN(value) && Number.isNaN(other)) || Math.abs(value - other) <= tolerance * size);
  });
  return place < 0 ? undefined : `${expected.name}: ${values[place]} at ${place}, expected ${wanted.data[place]}`;
}
