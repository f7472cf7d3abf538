import { NetSpaceError } from '@netspace/prep';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';

import { isBuiltIn } from './graph/built-in.js';
import type { Layer, LayerCall, LayerGraph } from './graph/graph.js';

/**
 * How the probabilities at the end of a model become logits. `strip` removes the softmax of a layer. `log` takes the logarithm if the
 * softmax cannot be removed, because other layers read the probabilities too. `refuse` is for ends for which neither gives logits.
 * Undefined if the model does not end in probabilities.
 */
export type Ending =
  | { readonly kind: 'strip'; readonly layer: Layer }
  | { readonly kind: 'log' }
  | { readonly kind: 'refuse'; readonly error: NetSpaceError }
  | undefined;

/** Finds the softmax before an output of a model; layers that do nothing at inference are passed over. */
export function endingOf(caller: string, { calls, outputs: ends }: LayerGraph, output: number): Ending {
  const readers = (slot: number): number =>
    calls.filter(({ inputs }) => inputs.includes(slot)).length + ends.filter((end) => end === slot).length;
  const find = (slot: number, alone: boolean): Ending => {
    const call = calls.find(({ outputs }) => outputs.includes(slot));
    if (call === undefined) return undefined;
    const only = alone && readers(slot) === 1;
    if (passesOn(call)) return find(call.inputs[0]!, only);
    if (isBuiltIn(call.layer) && call.layer.getClassName() === 'Average') {
      const endings = call.inputs.map((input) => find(input, false));
      if (endings.some((ending) => ending === undefined)) return undefined;
      return endings.find((ending) => ending?.kind === 'refuse') ?? { kind: 'log' };
    }
    if (isBuiltIn(call.layer) && (MOVES.has(call.layer.getClassName()) || isAverage(call.layer))) {
      const ending = find(call.inputs[0]!, false);
      if (ending === undefined || ending.kind === 'refuse' || isAverage(call.layer))
        return ending && (ending.kind === 'refuse' ? ending : { kind: 'log' });
      const remedy = "let it come before the softmax, or pass { outputs: 'values' }";
      return { kind: 'refuse', error: refused(caller, call.layer, 'probabilities that it moves to other places', remedy) };
    }
    const layer = innermost(call.layer);
    const softmax = softmaxOf(layer, call.outputShape.length);
    if (typeof softmax === 'object') return { kind: 'refuse', error: refused(caller, layer, softmax.got, softmax.remedy) };
    if (!softmax) return undefined;
    const once = only && !isModel(repeated(call.layer)) && calls.filter((other) => repeated(other.layer) === layer).length === 1;
    return once && layer.getClassName() !== 'SimpleRNN' ? { kind: 'strip', layer } : { kind: 'log' };
  };
  return find(output, true);
}

/** The layer that runs at each time step of a wrapper, or the layer itself. */
function repeated(layer: Layer): Layer {
  const { layer: inner } = layer as Layer & { readonly layer?: Layer };
  return layer.getClassName() === 'TimeDistributed' && inner !== undefined ? repeated(inner) : layer;
}

type Model = Layer & { readonly outputs: readonly SymbolicTensor[] };
const isModel = (layer: Layer): layer is Model => 'outputs' in layer && 'layers' in layer;

/** The layer that computes a layer's output, also inside wrappers and inside models in them. */
function innermost(outer: Layer): Layer {
  const layer = repeated(outer);
  if (!isModel(layer)) return layer;
  let last = layer.outputs[0]!;
  while (IDENTITIES.has(last.sourceLayer.getClassName())) last = last.sourceLayer.inboundNodes[last.nodeIndex]!.inputTensors[0]!;
  return innermost(last.sourceLayer);
}

/** Whether a call gives its input with each row of the last axis unchanged. */
function passesOn({ layer, inputShapes, outputShape }: LayerCall): boolean {
  if (!isBuiltIn(layer)) return false;
  const name = layer.getClassName();
  if (name === 'Activation') return layer.getConfig()['activation'] === 'linear';
  return IDENTITIES.has(name) || (RESHAPES.has(name) && inputShapes[0]?.at(-1) === outputShape.at(-1));
}

const IDENTITIES = new Set(['Dropout', 'SpatialDropout1D', 'GaussianNoise', 'GaussianDropout', 'AlphaDropout']);
const RESHAPES = new Set(['Flatten', 'Reshape']);
/** Layers that move numbers from one axis to another, if {@link passesOn} is false for them. */
const MOVES = new Set(['Flatten', 'Reshape', 'Permute']);
const AVERAGES = new Set('AveragePooling1D AveragePooling2D AveragePooling3D GlobalAveragePooling1D GlobalAveragePooling2D'.split(' '));

/** Whether a layer averages over places. It then makes probabilities from probabilities. */
const isAverage = (layer: Layer): boolean => AVERAGES.has(layer.getClassName()) && layer.getConfig()['dataFormat'] !== 'channelsFirst';

const WITH_ACTIVATION = new Set(
  `Activation Dense Conv1D Conv2D Conv3D Conv2DTranspose Conv3DTranspose DepthwiseConv2D SeparableConv2D SimpleRNN`.split(' '),
);

/** Whether a layer ends in a softmax over the classes, or in something else that gives probabilities. */
function softmaxOf(layer: Layer, rank: number): boolean | { readonly got: string; readonly remedy: string } {
  const name = layer.getClassName();
  const { activation, axis, dataFormat } = layer.getConfig();
  if (!isBuiltIn(layer) || (name !== 'Softmax' && !WITH_ACTIVATION.has(name))) return false;
  if (activation === 'sigmoid' || activation === 'hardSigmoid') {
    const remedy =
      "end in dense({ units: 2, activation: 'softmax' }) for two classes, or pass { outputs: 'values' } if its outputs are no probabilities";
    return { got: activation, remedy };
  }
  if (name !== 'Softmax' && activation !== 'softmax') return false;
  const along = name === 'Softmax' ? Number(axis) : -1; // a list of one axis counts as its axis
  if ((along === -1 || along === rank - 1) && dataFormat !== 'channelsFirst') return true;
  return { got: 'softmax along another axis', remedy: "use the last axis and channelsLast, or pass { outputs: 'values' }" };
}

const refused = (caller: string, layer: Layer, got: string, remedy: string): NetSpaceError =>
  new NetSpaceError(
    'UNSUPPORTED',
    `${caller}: ${layer.name} (${layer.getClassName()}): expected logits or softmax at the end, got ${got}; ${remedy}`,
  );
