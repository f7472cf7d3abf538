import { NetSpaceError } from '@netspace/prep';
import type { layers, LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';

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

/** A model as a list of calls; slot 0 is its input. */
export interface LayerGraph {
  readonly calls: readonly LayerCall[];
  readonly output: number;
  /** Shape of the input, with `null` for axes of any size. */
  readonly inputShape: readonly (number | null)[];
}

type Container = Layer & { readonly inputs: SymbolicTensor[]; readonly outputs: SymbolicTensor[] };

/**
 * The calls of a model in an order in which they can run. Nested models are replaced by their calls.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the model has not been built, `UNSUPPORTED` if it has several inputs or outputs
 */
export function layerGraph(caller: string, model: LayersModel): LayerGraph {
  if (!('layers' in model)) {
    throw new NetSpaceError('INVALID_OPTION', `${caller}: expected a tf.LayersModel, got a graph model; load it with tf.loadLayersModel`);
  }
  const [input] = ends(model, 'inputs');
  const [output] = ends(model, 'outputs');
  if (input === undefined || output === undefined) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `${caller}: expected a built model, got ${model.name} without input shape; give its first layer an inputShape`,
    );
  }
  for (const end of ['inputs', 'outputs'] as const) {
    if (model[end].length > 1) {
      throw new NetSpaceError(
        'UNSUPPORTED',
        `${caller}: expected a model of one input and one output, got ${model[end].length} ${end} of ${model.name}; split it`,
      );
    }
  }
  const calls: LayerCall[] = [];
  const slots = { next: 1 };
  const slot = visit(output, new Map([[input.id, 0]]), calls, slots);
  return { calls, output: slot, inputShape: input.shape };
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
