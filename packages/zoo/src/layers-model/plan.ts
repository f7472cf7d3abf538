import { foldBatchNorm, type FoldedBatchNorm, type ParameterSpec } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';

import { featureOrders, type FeatureOrder } from './parameters/axis-orders.js';
import { findFolds, isBatchNorm } from './parameters/batch-norm-fold.js';
import { isBuiltIn } from './graph/built-in.js';
import { layerGraph, type Layer, type LayerGraph } from './graph/graph.js';
import { layersInside, type InnerLayer } from './graph/inner-layers.js';
import { earlierLayerNames, layerNames } from './graph/layer-names.js';
import { specOf, uniqueName, valueOf, variableLayouts, type VariableLayout } from './parameters/parameter-layout.js';

/** One parameter of the architecture, with the variables of the model from which it comes and to which it goes. */
export interface Binding {
  readonly spec: ParameterSpec;
  /** The value in the model, with batch norm folded in; in TensorFlow's axis order. */
  readonly value: () => tf.Tensor;
  /** The variable that reads it while the network runs; none for the scale and shift of a batch norm. */
  readonly variable?: LayerVariable | undefined;
  /** All variables from which the value is computed. */
  readonly sources: readonly LayerVariable[];
  /** Its name and layout in earlier versions; none if they did not have it. */
  readonly earlier?: ParameterSpec | undefined;
}

/** The replacement of a batch norm: `x · scale + shift`, as numbers of bindings, or nothing. */
export interface Affine {
  readonly scale?: number;
  readonly shift?: number;
}

/** How to run a model on given parameters. */
export interface Plan {
  readonly model: LayersModel;
  readonly graph: LayerGraph;
  /** Every layer of the graph with those inside it, each once. */
  readonly units: readonly (readonly InnerLayer[])[];
  readonly bindings: readonly Binding[];
  readonly norms: ReadonlyMap<Layer, Affine>;
  /** The same norms by their names, for readers of files in which they are layers. */
  readonly batchNorms: readonly FoldedBatchNorm[];
}

/** Plans the functional call of a model. */
export function planModel(caller: string, model: LayersModel): Plan {
  const graph = layerGraph(caller, model);
  const graphLayers = [...new Set(graph.calls.map(({ layer }) => layer))];
  const units = graphLayers.map((layer) => layersInside(caller, layer));
  const running = new Map(units.map((unit) => [unit[0]!.layer, unit]));
  const uses = (layer: Layer): number =>
    graph.calls.filter((call) => running.get(call.layer)!.some((inner) => inner.layer === layer)).length;
  const folds = findFolds(graph, uses);
  const normAfter = new Map([...folds].map(([norm, before]) => [before, norm]));
  const variablesOf = new Map(units.flat().map(({ layer, variables }) => [layer, variables]));
  const names = { now: layerNames(graphLayers), earlier: earlierLayerNames(graphLayers) };
  const orders = featureOrders(graph);
  const bindings: Binding[] = [];
  const norms = new Map<Layer, Affine>();
  const batchNorms: FoldedBatchNorm[] = [];
  const bound = new Set<LayerVariable>();
  for (const unit of units) {
    const seen = { now: new Map<string, number>(), earlier: new Map<string, number>() };
    const outer = unit[0]!.layer;
    for (const { layer, path, variables: all } of unit) {
      const variables = all.filter((variable) => !bound.has(variable)); // a layer may be part of several others
      variables.forEach((variable) => bound.add(variable));
      if (folds.has(layer) || norms.has(layer)) continue; // the layer before gives the replacement of the norm
      const order = orders.get(layer) ?? {};
      const nameOf = (role: string): string => uniqueName([names.now.get(outer), path, role].filter(Boolean).join('.'), seen.now);
      if (isBatchNorm(layer)) {
        const earlier = layer === outer ? names.earlier.get(outer) : undefined;
        const scale = bindings.push(...scaleAndShift(layer, variableLayouts(all, layer), { nameOf, earlier, order })) - 2;
        norms.set(layer, { scale, shift: scale + 1 });
        batchNorms.push(...namedNorm(layer, { weight: bindings[scale]!.spec.name, bias: bindings[scale + 1]!.spec.name }));
        continue;
      }
      const layouts = variableLayouts(variables, layer);
      const before = variableLayouts(variables, outer);
      const earlierName = (role: string): string => `${names.earlier.get(outer)}.${uniqueName(role, seen.earlier)}`;
      const specsOf = (i: number): Pick<Binding, 'spec' | 'earlier'> => ({
        spec: specOf(nameOf(layouts[i]!.role), layouts[i]!, order),
        earlier: isBuiltIn(outer) || layer === outer ? specOf(earlierName(before[i]!.role), before[i]!) : undefined,
      });
      const norm = normAfter.get(layer);
      if (norm !== undefined) {
        const { affine, weight, bias } = bindFolded(bindings, { layouts, specsOf, norm, normLayouts: variableLayouts(variablesOf.get(norm)!, norm) }); // prettier-ignore
        norms.set(norm, affine);
        batchNorms.push(...namedNorm(norm, { weight, bias, name: names.now.get(norm)!, hasBias: affine.shift === undefined }));
        continue;
      }
      layouts.forEach((layout, i) =>
        bindings.push({ ...specsOf(i), variable: layout.variable, sources: [layout.variable], value: () => valueOf(layout) }),
      );
    }
  }
  return { model, graph, units, bindings, norms, batchNorms };
}

interface FoldedLayer {
  readonly layouts: readonly VariableLayout[];
  readonly specsOf: (i: number) => Pick<Binding, 'spec' | 'earlier'>;
  readonly norm: Layer;
  readonly normLayouts: readonly VariableLayout[];
}

/**
 * Binds a layer with the norm after it folded in. If the layer has no bias, a shift remains of the norm.
 *
 * @returns what remains, and the names of the folded weight and bias
 */
function bindFolded(
  bindings: Binding[],
  { layouts, specsOf, norm, normLayouts }: FoldedLayer,
): { readonly affine: Affine; readonly weight: string; readonly bias: string } {
  const weight = layouts.findLast(({ kernel }) => kernel)!; // a separable convolution's is the pointwise one
  const bias = layouts.find(({ role }) => role.endsWith('bias'));
  const channels = weight.shape.at(-1)!;
  const fold = () =>
    tf.tidy(() =>
      foldBatchNorm(
        { weight: valueOf(weight), bias: bias && valueOf(bias), ...statistics(normLayouts, channels) },
        { epsilon: epsilonOf(norm) },
      ),
    );
  const normSources = normLayouts.map(({ variable }) => variable);
  let specs: Pick<Binding, 'spec' | 'earlier'> | undefined;
  let weightName = '';
  layouts.forEach((layout, i) => {
    const own = specsOf(i);
    if (layout === weight) [specs, weightName] = [own, own.spec.name];
    if (layout === bias) specs = own;
    else {
      const value = layout === weight ? () => only(fold(), 'weight') : () => valueOf(layout);
      bindings.push({ ...own, variable: layout.variable, sources: [layout.variable, ...(layout === weight ? normSources : [])], value });
    }
  });
  const biasSpec = (spec: ParameterSpec): ParameterSpec => {
    const flattened = (spec.flattened ?? []).filter(({ axis }) => axis === 0);
    return { name: spec.name.replace(/weight$/, 'bias'), shape: [channels], ...(flattened.length === 0 ? {} : { flattened }) };
  };
  const { spec, earlier } = specs!;
  const shift =
    bindings.push({
      ...(bias === undefined ? { spec: biasSpec(spec), earlier: earlier && biasSpec(earlier) } : { spec, earlier }),
      variable: bias?.variable,
      sources: [...(bias === undefined ? [] : [bias.variable]), ...normSources],
      value: () => only(fold(), 'bias'),
    }) - 1;
  return { affine: bias === undefined ? { shift } : {}, weight: weightName, bias: bindings[shift]!.spec.name };
}

/** A batch norm that stays: `γ / √(σ² + ε)` and `β − μ · scale`. */
function scaleAndShift(
  layer: Layer,
  layouts: readonly VariableLayout[],
  { nameOf, earlier, order }: { nameOf: (role: string) => string; earlier: string | undefined; order: FeatureOrder },
): [Binding, Binding] {
  const [channels = 0] = layouts[0]!.shape;
  // Folding into a layer of weight 1 and bias 0 leaves just these.
  const fold = () =>
    tf.tidy(() => foldBatchNorm({ weight: tf.ones([channels]), ...statistics(layouts, channels) }, { epsilon: epsilonOf(layer) }));
  const binding = (role: 'weight' | 'bias'): Binding => {
    const spec = specOf(nameOf(role), { shape: [channels], kernel: false }, order);
    const before = earlier === undefined ? undefined : { name: `${earlier}.${role}`, shape: [channels] };
    return { spec, earlier: before, sources: layouts.map(({ variable }) => variable), value: () => only(fold(), role) };
  };
  return [binding('weight'), binding('bias')];
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

/**
 * A norm by the names that it and its layer have in PyTorch if the model's layers have them: without a name of its own it is a norm by itself.
 * TensorFlow's default epsilon says nothing of a file of PyTorch, whose default is another.
 */
function namedNorm(
  norm: Layer,
  { weight, bias, name, hasBias = false }: { weight: string; bias: string; name?: string; hasBias?: boolean },
): readonly FoldedBatchNorm[] {
  if (!weight.endsWith('.weight') || !bias.endsWith('.bias')) return []; // one of several variables of a name
  const layer = weight.slice(0, -'.weight'.length);
  const own = epsilonOf(norm);
  const epsilon = own === 1e-3 ? 'unknown' : own;
  return [{ weight, bias, ...(name === undefined ? { norm: layer } : { convolution: layer, norm: name, ...(hasBias && { hasBias }) }), epsilon }]; // prettier-ignore
}

const epsilonOf = (layer: Layer): number => Number(layer.getConfig()['epsilon']);
