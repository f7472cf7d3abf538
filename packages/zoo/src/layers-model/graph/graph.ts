import { NetSpaceError, type TensorSpec } from '@netspace/prep';
import type { layers, LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';

import { layerNames } from './layer-names.js';

export type Layer = layers.Layer;

/** One call of one layer. Slots are the numbers of the tensors that flow between calls. */
export interface LayerCall {
  readonly layer: Layer;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Shapes of the inputs, the batch `null`. */
  readonly inputShapes: readonly (readonly (number | null)[])[];
  /** Shape of the first output, the batch `null`. */
  readonly outputShape: readonly (number | null)[];
}

/** A model as a list of calls; the first slots are its inputs, in order. */
export interface LayerGraph {
  readonly calls: readonly LayerCall[];
  /** The slots of the outputs; at least one. */
  readonly outputs: readonly number[];
  /** Shapes of the inputs, at least one, with `null` for axes of any size. */
  readonly inputShapes: readonly (readonly (number | null)[])[];
  /** The inputs and outputs as an architecture has them. */
  readonly ends: { readonly inputs: readonly TensorSpec[]; readonly outputs: readonly TensorSpec[] };
}

type Container = Layer & { readonly inputs: SymbolicTensor[]; readonly outputs: SymbolicTensor[] };

/**
 * The calls of a model in an order in which they can run. Nested models are replaced by their calls.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the model has not been built
 */
export function layerGraph(caller: string, model: LayersModel): LayerGraph {
  if (!('layers' in model)) {
    throw new NetSpaceError('INVALID_OPTION', `${caller}: expected a tf.LayersModel, got a graph model; load it with tf.loadLayersModel`);
  }
  const [inputs, outputs] = [ends(model, 'inputs'), ends(model, 'outputs')];
  if (inputs.length === 0 || outputs.length === 0) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `${caller}: expected a built model, got ${model.name} without input shape; give its first layer an inputShape`,
    );
  }
  const calls: LayerCall[] = [];
  const slots = { next: inputs.length };
  const slotOf = new Map(inputs.map((input, i) => [input.id, i]));
  const found = outputs.map((output) => visit(output, slotOf, calls, slots));
  const inputNames = namesOfInputs(inputs);
  const layersByName = layerNames(calls.map(({ layer }) => layer));
  const outputNames = distinct(
    outputs.map((output, i) => inputNames[found[i]!] ?? layersByName.get(output.sourceLayer) ?? output.sourceLayer.name),
  );
  return {
    ...{ calls, outputs: found, inputShapes: inputs.map(({ shape }) => shape) },
    ends: { inputs: inputs.map((end, i) => specOf(end, inputNames[i]!)), outputs: outputs.map((end, i) => specOf(end, outputNames[i]!)) },
  };
}

const KINDS: Readonly<Record<string, TensorSpec['dtype']>> = { int32: 'int32', bool: 'bool' };
const specOf = ({ shape, dtype }: SymbolicTensor, name: string): TensorSpec => ({ name, shape, dtype: KINDS[dtype] ?? 'float32' });

/** Names of inputs; those that tf.layers and Keras number throughout a program are numbered within the model. */
function namesOfInputs(inputs: readonly SymbolicTensor[]): readonly string[] {
  const own = inputs.map(({ sourceLayer }) => (/^input(_layer)?_?\d*$/.test(sourceLayer.name) ? undefined : sourceLayer.name));
  return distinct(own.map((name, i) => name ?? (inputs.length === 1 ? 'input' : `input_${i + 1}`)));
}

/** The same names, later ones with an underscore behind them where they are taken. */
function distinct(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let own = name;
    while (taken.has(own)) own += '_';
    taken.add(own);
    return own;
  });
}

// A sequential model that has not been built has neither, although the types say that it has.
const ends = (model: LayersModel, end: 'inputs' | 'outputs'): readonly SymbolicTensor[] =>
  (model as Partial<Pick<LayersModel, typeof end>>)[end] ?? [];

function visit(tensor: SymbolicTensor, slotOf: Map<number, number>, calls: LayerCall[], slots: { next: number }): number {
  const known = slotOf.get(tensor.id);
  if (known !== undefined) return known;
  const layer = tensor.sourceLayer;
  const node = layer.inboundNodes[tensor.nodeIndex]!;
  const inputs = node.inputTensors.map((input) => visit(input, slotOf, calls, slots));
  const outputs = isContainer(layer) ? visitContainer(layer, inputs, calls, slots) : node.outputTensors.map(() => slots.next++);
  if (!isContainer(layer)) {
    calls.push({
      layer,
      inputs,
      outputs,
      inputShapes: node.inputTensors.map(({ shape }) => shape),
      outputShape: node.outputTensors[0]!.shape,
    });
  }
  node.outputTensors.forEach((output, i) => slotOf.set(output.id, outputs[i]!));
  return slotOf.get(tensor.id)!;
}

function visitContainer(container: Container, inputs: readonly number[], calls: LayerCall[], slots: { next: number }): number[] {
  const slotOf = new Map(container.inputs.map((input, i) => [input.id, inputs[i]!]));
  return container.outputs.map((output) => visit(output, slotOf, calls, slots));
}

const isContainer = (layer: Layer): layer is Container => 'inputs' in layer && 'outputs' in layer && 'layers' in layer;
