import * as tf from '@tensorflow/tfjs-core';

import { type Architecture, tensorShape } from '../architecture.js';
import { NetSpaceError } from '../errors.js';
import { leaf } from './axis.js';
import { constantLabel } from './constant-label.js';
import { interceptKernels, type Inputs, type RunKernel, type Tensors } from './intercept-kernels.js';
import { ARRANGEMENT } from './kernels/arrangement.js';
import { CONTRACTIONS } from './kernels/contractions.js';
import { elementwiseRules } from './kernels/elementwise.js';
import { windowRules } from './kernels/windows.js';
import { type Label, labelOf, pinLabels, pinnedLabel, sizesOf } from './label.js';
import { loseShifts, newTracing, type Rule, type Tracing } from './tracing.js';

/** In a function: a bundle of somebody who traces nothing is to have none of it. */
const allRules = (): Readonly<Record<string, Rule>> => ({ ...elementwiseRules(), ...CONTRACTIONS, ...windowRules(), ...ARRANGEMENT });

/** What a run on labels finds. */
export interface LabeledRun extends Tracing {
  readonly parameters: readonly Label[];
  /** Whether the architecture read numbers that depend on its parameters or its input, so that it may do something else on others. */
  readonly readNumbers: boolean;
}

/** Runs an architecture on tensors without numbers, of which only the axes are known. Kernels are not run, but those on constants. */
export function runOnLabels(architecture: Architecture, inputShape: readonly number[]): LabeledRun {
  const tracing = newTracing();
  const rules = allRules();
  const store = labelStore();
  const { tensorOf, labelOfTensor } = store;
  const parameters = architecture.parameters.map(parameterLabel);
  const labeled = (
    run: RunKernel,
    call: number,
    kernel: string,
    inputs: Inputs,
    attributes: Readonly<Record<string, unknown>>,
  ): Tensors => {
    tracing.calls = call;
    tracing.kernel = kernel;
    const given = Object.entries(inputs).flatMap(([key, tensor]) => (tensor?.dataId === undefined ? [] : [[key, tensor] as const]));
    if (given.every(([, tensor]) => labelOfTensor(tensor) === undefined)) return run(kernel, inputs, attributes);
    const byName = Object.fromEntries(given.map(([key, tensor]) => [key, labelOfTensor(tensor) ?? constantLabel(tensor)]));
    const list = Object.values(byName);
    for (const { parameter } of list) if (parameter !== undefined) tracing.used.add(parameter);
    if (Object.hasOwn(rules, kernel) && isCovered(list, attributes)) {
      const found = rules[kernel]!({ kernel, inputs: byName, list, attributes, tracing });
      return isList(found) ? found.map(tensorOf) : tensorOf(found);
    }
    pinLabels(list);
    loseShifts(tracing, list);
    const isOnly = (tensor: tf.Tensor): boolean => labelOfTensor(tensor) === undefined;
    const outputs = shapesAfter(run, kernel, { inputs, attributes, isOnly }).map(({ shape, dtype }) => tensorOf(pinnedLabel(shape, dtype)));
    return outputs.length === 1 ? outputs[0]! : outputs;
  };
  interceptKernels(labeled, () =>
    tf.tidy(() => {
      const output = architecture.apply(parameters.map(tensorOf), tensorOf(pinnedLabel(inputShape)));
      const outputs: readonly tf.Tensor[] = [output].flat();
      if (outputs.some((one: unknown) => !(one instanceof tf.Tensor))) throw noTensor(architecture.name); // nothing of what is in it would be fixed
      const labels = outputs.flatMap((tensor) => labelOfTensor(tensor) ?? []);
      pinLabels(labels);
      loseShifts(tracing, labels);
    }),
  );
  return { ...tracing, parameters, readNumbers: store.wasRead() };
}

const noTensor = (name: string): NetSpaceError =>
  new NetSpaceError('INVALID_OPTION', `permutationSpec: expected apply of ${name} to return a tensor, got something else; return one`);

/** Every axis of a parameter may have any order, and any sign, until something is known of it. */
function parameterLabel(spec: Architecture['parameters'][number], parameter: number): Label {
  const shape = tensorShape(spec);
  const signs = shape.map(() => ({ fixed: false }));
  const axes = shape.map((size) => leaf(size));
  return { ...labelOf(axes, 'float32', signs), parameter, isWhole: true, shifts: [{ parameter, factor: 1 }] };
}

/** Tensors that have labels instead of numbers. */
function labelStore() {
  const labels = new WeakMap<object, Label>();
  let isRead = false;
  const storage = {
    disposeData: () => true,
    incRef: () => undefined,
    refCount: () => 1,
    readSync(id: object) {
      isRead = true;
      return new Float32Array(sizesOf(labels.get(id)!).reduce((total, size) => total * size, 1));
    },
    read: (id: object) => Promise.resolve(storage.readSync(id)),
  };
  return {
    tensorOf: (label: Label): tf.Tensor => {
      const dataId = {};
      labels.set(dataId, label);
      const info = { dataId, shape: sizesOf(label), dtype: label.dtype };
      return tf.engine().makeTensorFromTensorInfo(info, storage as unknown as tf.KernelBackend);
    },
    labelOfTensor: ({ dataId }: tf.Tensor): Label | undefined => labels.get(dataId),
    wasRead: () => isRead,
  };
}

/** Rules know neither empty tensors nor the dots of an einsum. */
const isCovered = (list: readonly Label[], { equation }: Readonly<Record<string, unknown>>): boolean =>
  !list.some((label) => sizesOf(label).includes(0)) && !(typeof equation === 'string' && equation.includes('.'));

/** What a kernel gives, by running it on zeros. */
function shapesAfter(
  run: RunKernel,
  kernel: string,
  { inputs, attributes, isOnly }: { readonly inputs: Inputs; readonly attributes: Readonly<Record<string, unknown>>; readonly isOnly: (tensor: tf.Tensor) => boolean },
): readonly { readonly shape: readonly number[]; readonly dtype: tf.DataType }[] {
  return tf.tidy(() => {
    const zerosFor = (tensor: tf.Tensor | null | undefined) => (tensor?.dataId === undefined || isOnly(tensor) ? tensor : tf.zeros(tensor.shape, tensor.dtype as 'float32')); // prettier-ignore
    const zeros = Array.isArray(inputs) ? inputs.map(zerosFor) : Object.fromEntries(Object.entries(inputs).map(([key, tensor]) => [key, zerosFor(tensor)])); // prettier-ignore
    return [run(kernel, zeros as Inputs, attributes)].flat().map(({ shape, dtype }) => ({ shape, dtype }));
  });
} // prettier-ignore

const isList = (found: Label | readonly Label[]): found is readonly Label[] => Array.isArray(found);
