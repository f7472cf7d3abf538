import { foldBatchNorm, NetSpaceError, type ParameterSpec } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';

import { findFolds, isBatchNorm, normAxis } from './batch-norm-fold.js';
import { layerGraph, type Layer, type LayerCall, type LayerGraph } from './graph.js';
import { layerNames } from './layer-names.js';
import { specOf, valueOf, variableLayouts, type VariableLayout } from './parameter-layout.js';

/** One parameter of the architecture, and where in the model it comes from and goes to. */
export interface Binding {
  readonly spec: ParameterSpec;
  /** What the model holds, with batch norm folded in; in TensorFlow's axis order. */
  readonly value: () => tf.Tensor;
  /** The variable that reads it while the network runs; none for what batch norm leaves. */
  readonly variable?: LayerVariable | undefined;
}

/** What takes a batch norm's place: `x · scale + shift` by numbers of bindings, or nothing. */
export interface Affine {
  readonly scale?: number;
  readonly shift?: number;
  /** Shape in which the two apply, e.g. `[C, 1, 1]` for channels first. */
  readonly shape: readonly number[];
}

/** How to run a model on given parameters. */
export interface Plan {
  readonly graph: LayerGraph;
  readonly bindings: readonly Binding[];
  readonly norms: ReadonlyMap<LayerCall, Affine>;
}

/** Plans the functional call of a model. */
export function planModel(caller: string, model: LayersModel): Plan {
  const graph = layerGraph(caller, model);
  const folds = findFolds(graph);
  const normAfter = new Map([...folds].map(([norm, before]) => [before.layer, norm]));
  const names = layerNames(graph.calls.map(({ layer }) => layer));
  const bindings: Binding[] = [];
  const norms = new Map<LayerCall, Affine>();
  const scaleOf = new Map<Layer, number>();
  for (const call of graph.calls) {
    const { layer } = call;
    const layouts = variableLayouts(caller, layer);
    if (isBatchNorm(call)) {
      if (folds.has(call)) continue; // the layer before has left what takes its place
      if (!scaleOf.has(layer)) scaleOf.set(layer, bindings.push(...scaleAndShift(call, names.get(layer)!, layouts)) - 2);
      const scale = scaleOf.get(layer)!;
      norms.set(call, { scale, shift: scale + 1, shape: broadcastShape(call) });
    } else if (!scaleOf.has(layer)) {
      scaleOf.set(layer, bindings.length);
      const norm = normAfter.get(layer);
      if (norm === undefined) bindings.push(...layouts.map((layout) => bind(names.get(layer)!, layout)));
      else norms.set(norm, bindFolded(bindings, names.get(layer)!, layouts, norm, variableLayouts(caller, norm.layer)));
    }
  }
  return { graph, bindings, norms };
}

const bind = (layer: string, layout: VariableLayout): Binding => ({
  spec: specOf(`${layer}.${layout.role}`, layout),
  variable: layout.variable,
  value: () => valueOf(layout),
});

/** Binds a layer with the norm after it folded in; a layer without bias leaves the norm a shift. */
function bindFolded(
  bindings: Binding[],
  name: string,
  layouts: readonly VariableLayout[],
  norm: LayerCall,
  normLayouts: readonly VariableLayout[],
): Affine {
  const weight = layouts.findLast(({ kernel }) => kernel)!; // a separable convolution's is the pointwise one
  const bias = layouts.find(({ role }) => role.endsWith('bias'));
  const channels = weight.shape.at(-1)!;
  const fold = () =>
    tf.tidy(() =>
      foldBatchNorm(
        { weight: valueOf(weight), bias: bias && valueOf(bias), ...statistics(normLayouts, channels) },
        { epsilon: epsilonOf(norm.layer) },
      ),
    );
  for (const layout of layouts) {
    if (layout !== bias)
      bindings.push(layout === weight ? { ...bind(name, layout), value: () => only(fold(), 'weight') } : bind(name, layout));
  }
  const shift =
    bindings.push({
      spec: { name: `${name}.${weight.role.replace(/weight$/, 'bias')}`, shape: [channels] },
      variable: bias?.variable,
      value: () => only(fold(), 'bias'),
    }) - 1;
  return { ...(bias === undefined ? { shift } : {}), shape: broadcastShape(norm) };
}

/** A batch norm that stays: `γ / √(σ² + ε)` and `β − μ · scale`. */
function scaleAndShift({ layer }: LayerCall, name: string, layouts: readonly VariableLayout[]): [Binding, Binding] {
  const [channels = 0] = layouts[0]!.shape;
  // Folding into a layer of weight 1 and bias 0 leaves just these.
  const fold = () =>
    tf.tidy(() => foldBatchNorm({ weight: tf.ones([channels]), ...statistics(layouts, channels) }, { epsilon: epsilonOf(layer) }));
  return [
    { spec: { name: `${name}.weight`, shape: [channels] }, value: () => only(fold(), 'weight') },
    { spec: { name: `${name}.bias`, shape: [channels] }, value: () => only(fold(), 'bias') },
  ];
}

function statistics(layouts: readonly VariableLayout[], channels: number) {
  const read = (role: string): tf.Tensor | undefined => layouts.find((layout) => layout.role === role)?.variable.read();
  return {
    gamma: read('weight') ?? tf.ones([channels]),
    beta: read('bias') ?? tf.zeros([channels]),
    mean: read('moving_mean') ?? tf.zeros([channels]),
    variance: read('moving_variance') ?? tf.ones([channels]),
  };
}

function only(folded: Record<'weight' | 'bias', tf.Tensor>, key: 'weight' | 'bias'): tf.Tensor {
  folded[key === 'weight' ? 'bias' : 'weight'].dispose();
  return folded[key];
}

const epsilonOf = (layer: Layer): number => Number(layer.getConfig()['epsilon']);

/** Lets a vector of the norm's axis meet a tensor of the norm's output. */
function broadcastShape(call: LayerCall): number[] {
  const axis = normAxis(call);
  const channels = call.outputShape[axis];
  if (typeof channels !== 'number') {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `planModel: expected a known size of axis ${axis} of ${call.layer.name}, got none; give the model's input its size there`,
    );
  }
  return [channels, ...Array<number>(call.outputShape.length - 1 - axis).fill(1)];
}
