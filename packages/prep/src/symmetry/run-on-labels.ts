import * as tf from '@tensorflow/tfjs-core';

import { type Architecture, tensorShape } from '../architecture.js';
import { leaf } from './axis.js';
import { constantLabel } from './constant-label.js';
import { ARRANGEMENT } from './kernels/arrangement.js';
import { CONTRACTIONS } from './kernels/contractions.js';
import { ELEMENTWISE } from './kernels/elementwise.js';
import { WINDOWS } from './kernels/windows.js';
import { type Label, labelOf, pinLabels, pinnedLabel, sizesOf } from './label.js';
import { type Attributes, loseShifts, newTracing, type Rule, type Tracing } from './tracing.js';

const RULES: Readonly<Record<string, Rule>> = { ...ELEMENTWISE, ...CONTRACTIONS, ...WINDOWS, ...ARRANGEMENT };

/** What a run on labels finds. */
export interface LabeledRun extends Tracing {
  readonly parameters: readonly Label[];
  readonly outputs: readonly Label[];
  /** Whether the architecture read numbers that depend on its parameters or its input, so that it may do something else on others. */
  readonly readNumbers: boolean;
}

type Inputs = Record<string, tf.Tensor | null | undefined>;

/**
 * Runs an architecture on tensors without numbers, of which only the axes are known.
 *
 * Kernels are not run, but those on constants. While this runs, the engine of TensorFlow.js has another `runKernel`; nothing is awaited and
 * nothing stays behind.
 */
export function runOnLabels(architecture: Architecture, inputShape: readonly number[]): LabeledRun {
  const engine = tf.engine();
  const tracing = newTracing();
  const labels = new WeakMap<object, Label>();
  let readNumbers = false;
  const storage = {
    disposeData: () => true,
    incRef: () => undefined,
    refCount: () => 1,
    readSync(id: object) {
      readNumbers = true;
      return new Float32Array(sizesOf(labels.get(id)!).reduce((total, size) => total * size, 1));
    },
    read: (id: object) => Promise.resolve(storage.readSync(id)),
  } as unknown as tf.KernelBackend;
  const tensorOf = (label: Label): tf.Tensor => {
    const dataId = {};
    labels.set(dataId, label);
    return engine.makeTensorFromDataId(dataId, sizesOf(label), label.dtype, storage);
  };
  const runKernel = engine.runKernel.bind(engine) as (kernel: string, inputs: object, attributes?: object) => tf.Tensor | tf.Tensor[];
  const labeled = (kernel: string, inputs: Inputs, attributes: Attributes = {}): tf.Tensor | tf.Tensor[] => {
    tracing.calls++;
    const given = Object.entries(inputs).flatMap(([key, tensor]) => (tensor?.dataId === undefined ? [] : [[key, tensor] as const]));
    if (!given.some(([, { dataId }]) => labels.has(dataId))) return runKernel(kernel, inputs, attributes);
    const byName = Object.fromEntries(given.map(([key, tensor]) => [key, labels.get(tensor.dataId) ?? constantLabel(tensor)]));
    const list = Object.values(byName);
    for (const { parameter } of list) if (parameter !== undefined) tracing.used.add(parameter);
    const isKnown = Object.hasOwn(RULES, kernel) && list.every((label) => !sizesOf(label).includes(0)) && !String(attributes['equation']).includes('.'); // prettier-ignore
    if (isKnown) {
      const found = RULES[kernel]!({ kernel, inputs: byName, list, attributes, tracing });
      return isList(found) ? found.map(tensorOf) : tensorOf(found);
    }
    pinLabels(list);
    loseShifts(tracing, list);
    const outputs = tf.tidy(() => {
      const zeros = given.map(([key, tensor]) => [key, labels.has(tensor.dataId) ? tf.zeros(tensor.shape, tensor.dtype as 'float32') : tensor]);
      const run = runKernel(kernel, Array.isArray(inputs) ? zeros.map(([, tensor]) => tensor!) : Object.fromEntries(zeros) as object, attributes);
      return [run].flat().map(({ shape, dtype }) => pinnedLabel(shape, dtype));
    });
    return outputs.length === 1 ? tensorOf(outputs[0]!) : outputs.map(tensorOf);
  };
  const parameters = architecture.parameters.map((spec, parameter): Label => {
    const shape = tensorShape(spec);
    return {
      ...labelOf(shape.map((size) => leaf(size)), 'float32', shape.map(() => ({ fixed: false }))),
      ...{ parameter, shifts: [{ parameter, factor: 1 }] },
    };
  }); // prettier-ignore
  const { gradientDepth } = engine.state;
  const before = Object.getOwnPropertyDescriptor(engine, 'runKernel');
  Object.defineProperty(engine, 'runKernel', { value: labeled, configurable: true, writable: true });
  try {
    engine.state.gradientDepth = 0; // nothing is recorded for a gradient
    const outputs: Label[] = [];
    tf.tidy(() => {
      const output = architecture.apply(parameters.map(tensorOf), tensorOf(pinnedLabel(inputShape)));
      for (const { dataId } of [output].flat()) if (labels.has(dataId)) outputs.push(labels.get(dataId)!);
    });
    pinLabels(outputs);
    loseShifts(tracing, outputs);
    return { ...tracing, parameters, outputs, readNumbers };
  } finally {
    engine.state.gradientDepth = gradientDepth;
    if (before === undefined) Reflect.deleteProperty(engine, 'runKernel');
    else Object.defineProperty(engine, 'runKernel', before);
  }
}

const isList = (found: Label | readonly Label[]): found is readonly Label[] => Array.isArray(found);
