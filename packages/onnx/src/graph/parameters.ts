import { rawToFloat32 } from '@netspace/formats';
import type { FoldedBatchNorm, ParameterSpec } from '@netspace/prep';

import type { NodeProto, TensorProto } from '../proto/messages.js';
import { kernelAxes } from '../operators/windows/conv.js';
import { range, same, sizeOf } from '../run/value.js';
import type { Binding, GatePlace, Source } from './bindings.js';
import { type FoldedNorm, foldedBiasName, hasOutputsFirst, normWeightName } from './fold-norms.js';
import type { Graph } from './graph.js';
import { moduleOf } from './module-path.js';
import { refuseLearned, refuseUnsure, type Unsure } from './unsure.js';

/** What the parameters of a graph are, and the norms that were folded into them. */
export interface Parameters {
  readonly graph: Graph;
  readonly bindings: readonly Binding[];
  readonly batchNorms: readonly FoldedBatchNorm[];
}

/** Inputs of operators that hold weights, and what PyTorch calls them. */
export const WEIGHTS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  Conv: { 1: 'weight', 2: 'bias' },
  ConvTranspose: { 1: 'weight', 2: 'bias' },
  Gemm: { 0: 'weight', 1: 'weight', 2: 'bias' },
  MatMul: { 0: 'weight', 1: 'weight' },
  Einsum: { 0: 'weight', 1: 'weight', 2: 'weight' },
  BatchNormalization: { 1: 'weight', 2: 'bias', 3: 'running_mean', 4: 'running_var' },
  InstanceNormalization: { 1: 'weight', 2: 'bias' },
  GroupNormalization: { 1: 'weight', 2: 'bias' },
  LayerNormalization: { 1: 'weight', 2: 'bias' },
  RMSNormalization: { 1: 'weight' },
  PRelu: { 1: 'weight' },
  Gather: { 0: 'weight' },
  ...Object.fromEntries(['LSTM', 'GRU', 'RNN'].map((name) => [name, { 1: 'W', 2: 'R', 3: 'B' }])),
};

/** Inputs of operators that are settings, whatever they are called. */
const SETTINGS: Readonly<Record<string, readonly number[]>> = {
  ...{ Resize: [1, 2, 3], Upsample: [1], Clip: [1, 2], Pad: [1, 2, 3], Dropout: [1, 2], Slice: [1, 2, 3, 4], OneHot: [1, 2], Expand: [1] },
  ...{ Reshape: [1], Tile: [1], Range: [0, 1, 2], Gather: [1], CumSum: [1], Trilu: [1], ConstantOfShape: [0] },
};

const FLOATS: ReadonlySet<string> = new Set(['FLOAT', 'DOUBLE', 'FLOAT16', 'BFLOAT16']);

/** What the caller says of values, by their names in the file. */
export interface Said {
  readonly isConstant: (name: string) => boolean;
  readonly isParameter: (name: string) => boolean;
}

/**
 * Finds the parameters of a graph: the initializers that training changes, in the order in which the graph reads them, by their names in the
 * state dict. An initializer is one if it holds floating-point numbers and a layer reads it as its weight, or if it has a name of its own.
 *
 * @throws NetSpaceError `UNSUPPORTED`, naming the numbers of which the file does not say whether training changes them
 */
export function findParameters(given: Graph, folded: ReadonlyMap<string, FoldedNorm>, said: Said): Parameters {
  const { isConstant } = said;
  const { graph, gates } = separateGates(given, isConstant);
  const isOwnName = (name: string): boolean => graph.isOwnName(name) || (said.isParameter(name) && !graph.constantNodes.has(name));
  const unsure: Unsure[] = [];
  const bindings: Binding[] = [];
  const batchNorms: FoldedBatchNorm[] = [];
  const taken = new Set<string>();
  const seen = new Set<string>();
  const unique = (name: string): string => {
    let candidate = name;
    for (let i = 2; taken.has(candidate); i++) candidate = `${name}_${i}`;
    taken.add(candidate);
    return candidate;
  };
  const bind = (value: string, name: string, layout: Layout, source: Source): string => {
    const unused = unique(name);
    const spec: ParameterSpec = { name: unused, shape: layout.shape, ...(layout.tensorAxes && { tensorAxes: layout.tensorAxes }) };
    bindings.push({ spec, value, axes: layout.axes, ...(layout.valueShape && { valueShape: layout.valueShape }), source });
    return unused;
  };
  for (const node of graph.nodes) {
    const norm = folded.get(node.outputs[0] ?? '');
    if (norm?.layer !== undefined) {
      batchNorms.push(...bindFolded(graph, node, norm, bind));
      continue;
    }
    if (norm !== undefined) {
      batchNorms.push(...bindAlone(graph, node, norm, bind));
      continue;
    }
    node.inputs.forEach((value, i) => {
      if (seen.has(value)) return;
      const piece = gates.get(value);
      if (piece !== undefined) {
        seen.add(value);
        bind(value, piece.name, { shape: piece.shape, axes: range(piece.shape.length) }, { kind: 'gates', ...piece });
        return;
      }
      const tensor = graph.initializers.get(value);
      if (tensor === undefined || !FLOATS.has(tensor.type) || isConstant(value)) return;
      const own = isOwnName(value);
      if (SETTINGS[node.operator]?.includes(i) === true) {
        if (own && graph.producer === 'pytorch') refuseLearned(graph, node, i);
        return;
      }
      const role = node.domain === '' ? WEIGHTS[node.operator]?.[i] : undefined;
      if (!own && isPlainNorm(node, i, tensor)) return;
      const isVariable = graph.producer === 'tf2onnx' && /ReadVariableOp/.test(value);
      const isNumber = isVariable ? false : role === undefined ? sizeOf(tensor.shape) <= 1 : tensor.shape.length === 0;
      const made = own || role !== undefined || isNumber ? undefined : foldedName(graph, node, value, bindings);
      if (!own && (isNumber || (role === undefined && made === undefined && !isVariable))) {
        unsure.push({ value, node, shape: tensor.shape });
        return;
      }
      seen.add(value);
      const name = made ?? fusedBias(node, value) ?? (own || role === undefined ? value : (siblingName(graph, node, role) ?? value));
      const layout = layoutOf(node, i, tensor.shape, own, made !== undefined);
      bind(value, name, layout, { kind: 'plain', initializer: value, transposed: layout.transposed === true });
    });
  }
  batchNorms.push(...foldedByExporter(graph, bindings, folded));
  refuseUnsure(graph, unsure, { bindings, batchNorms });
  return { graph, bindings, batchNorms };
}

/**
 * The name of the bias that a norm gave a layer when the newer exporter folded it: the layer's. The exporter calls it `conv.weight_bias`, or by
 * the norm's bias, which in the state dict is another number.
 */
function fusedBias(node: NodeProto, value: string): string | undefined {
  const [, weight = '', bias] = node.inputs;
  if (bias !== value || !weight.endsWith('.weight')) return undefined;
  const fused = value === `${weight}_bias` || /BatchNorm/.test(moduleOf(node)?.type ?? '');
  return fused ? `${weight.slice(0, -'.weight'.length)}.bias` : undefined;
}

/** A norm without weights of its own: the exporter made them of ones and zeros. */
function isPlainNorm({ operator }: NodeProto, index: number, tensor: TensorProto): boolean {
  if (operator !== 'InstanceNormalization' || index === 0 || tensor.isLeftOut) return false;
  return rawToFloat32(tensor.read()).every((value) => value === (index === 1 ? 1 : 0));
}

/** Arithmetic by which exporters write out a weight and a bias, such as those of a group norm. */
const ARITHMETIC: Readonly<Record<string, string>> = { Mul: 'weight', Div: 'weight', Add: 'bias', Sub: 'bias' };

/**
 * The name of a parameter that the exporter reshaped and so renamed: nothing if it is a constant. Where the file lists the state dict, it is one
 * that no other value has; elsewhere it is the module's.
 */
function foldedName(graph: Graph, node: NodeProto, value: string, bindings: readonly Binding[]): string | undefined {
  const role = node.domain === '' ? ARITHMETIC[node.operator] : undefined;
  if (role === undefined || graph.constantNodes.has(value)) return undefined;
  const path = moduleOf(node)?.path;
  if (graph.stateNames === undefined) return path === undefined ? value : `${path}.${role}`;
  const free = (name: string): boolean => graph.stateNames!.has(name) && !graph.initializers.has(name) && bindings.every(({ spec }) => spec.name !== name); // prettier-ignore
  return path !== undefined && free(`${path}.${role}`) ? `${path}.${role}` : undefined;
}

/** The name of a layer's weight that has lost its own: that of its bias, or of its module. */
function siblingName({ nodes, isOwnName }: Graph, node: NodeProto, role: string): string | undefined {
  const adds = role === 'weight' ? nodes.filter(({ operator, inputs }) => operator === 'Add' && inputs.includes(node.outputs[0]!)) : [];
  const bias = adds.flatMap(({ inputs }) => inputs).find((name) => isOwnName(name) && name.endsWith('bias'));
  if (bias !== undefined) return `${bias.slice(0, -'bias'.length)}weight`;
  const path = moduleOf(node)?.path;
  return path === undefined ? undefined : `${path}.${role}`;
}

/** How a parameter's tensor holds a value of the graph. */
interface Layout {
  readonly shape: readonly number[];
  readonly tensorAxes?: readonly number[];
  readonly axes: readonly number[];
  /** Whether `shape` has the axes of the initializer exchanged. */
  readonly transposed?: boolean;
  readonly valueShape?: readonly number[];
}

type Bind = (value: string, name: string, layout: Layout, source: Source) => string;

/** Linear layers are `[out, in]` as in PyTorch, read as `[in, out]`; convolutions as TensorFlow reads them. */
function layoutOf(node: NodeProto, index: number, shape: readonly number[], own: boolean, folded = false): Layout {
  const rank = shape.length;
  const as = (tensorAxes: readonly number[]): Layout => ({ shape, tensorAxes, axes: tensorAxes });
  if (folded || (node.operator === 'PRelu' && index === 1)) {
    const sides = shape.filter((side) => side > 1);
    const kept = sides.length === 0 ? [1] : sides;
    return { shape: kept, axes: range(kept.length), ...(!same(kept, shape) && { valueShape: shape }) };
  }
  if (node.domain === '') {
    if ((node.operator === 'Conv' || node.operator === 'ConvTranspose') && index === 1 && rank >= 3) return as(kernelAxes(rank));
    const transB = node.attributes.some(({ name, i }) => name === 'transB' && i === 1);
    if (node.operator === 'Gemm' && index === 1 && transB && rank === 2) return as([1, 0]);
    const input = (node.operator === 'Gemm' && index === 1) || (node.operator === 'MatMul' && index === 1);
    // [in, out] under a made-up name: a linear layer, exchanged by the exporter.
    if (input && rank === 2 && !own) return { shape: [shape[1]!, shape[0]!], tensorAxes: [1, 0], axes: [0, 1], transposed: true };
  }
  return { shape, axes: range(rank) };
}

/** A layer's name: that of its weight, or its module's. */
function layerName({ isOwnName }: Graph, node: NodeProto, weight: string): string {
  if (isOwnName(weight)) return weight.endsWith('.weight') ? weight.slice(0, -'.weight'.length) : weight;
  return moduleOf(node)?.path ?? weight;
}

const normName = ({ isOwnName }: Graph, { scale, mean }: FoldedNorm['norm'], node: NodeProto): string | undefined => {
  const known = [scale, mean].find(isOwnName);
  return known?.replace(/\.(weight|running_mean)$/, '') ?? moduleOf(node)?.path;
};

function bindFolded(graph: Graph, node: NodeProto, { norm, node: normNode, layer }: FoldedNorm, bind: Bind): FoldedBatchNorm[] {
  const [, weightValue = '', biasValue] = layer!.inputs;
  const shape = graph.initializers.get(weightValue)!.shape;
  const name = layerName(graph, layer!, weightValue);
  const weight = bind(weightValue, `${name}.weight`, layoutOf(node, 1, shape, true), {
    kind: 'folded-weight',
    initializer: weightValue,
    norm,
  });
  const bias = bind(foldedBiasName(node.outputs[0]!), `${name}.bias`, { shape: [shape[0]!], axes: [0] }, { kind: 'folded-bias', initializer: biasValue || undefined, norm }); // prettier-ignore
  const called = normName(graph, norm, normNode);
  return called === undefined
    ? []
    : [{ weight, bias, convolution: name, norm: called, epsilon: norm.epsilon, ...(biasValue && { hasBias: true }) }];
}

function bindAlone(graph: Graph, node: NodeProto, { norm, node: normNode }: FoldedNorm, bind: Bind): FoldedBatchNorm[] {
  const called = normName(graph, norm, normNode) ?? norm.scale;
  const layout = { shape: graph.initializers.get(norm.scale)!.shape, axes: [0] };
  const output = node.outputs[0]!;
  const weight = bind(normWeightName(output), `${called}.weight`, layout, { kind: 'norm-weight', norm });
  const bias = bind(foldedBiasName(output), `${called}.bias`, layout, { kind: 'norm-bias', norm });
  return [{ weight, bias, norm: called, epsilon: norm.epsilon }];
}

/** Convolutions into which the newer exporter folded a norm itself: the node then says that it is of the norm's module. */
function foldedByExporter(graph: Graph, bindings: readonly Binding[], folded: ReadonlyMap<string, FoldedNorm>): FoldedBatchNorm[] {
  const specs = new Map(bindings.map(({ value, spec }) => [value, spec.name]));
  return graph.nodes.flatMap((node) => {
    const module = moduleOf(node);
    if (!hasOutputsFirst(node) || folded.has(node.outputs[0]!) || module === undefined || !/BatchNorm/.test(module.type)) return [];
    const [weight, bias] = [specs.get(node.inputs[1]!), specs.get(node.inputs[2] ?? '')];
    if (weight === undefined || bias === undefined || !weight.endsWith('.weight')) return [];
    const convolution = weight.slice(0, -'.weight'.length);
    const hasBias = graph.isOwnName(`${convolution}.bias`);
    return [{ weight, bias, convolution, norm: module.path, epsilon: 'unknown' as const, ...(hasBias && { hasBias }) }];
  });
}

interface Piece {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: string;
  readonly place: GatePlace;
}

/** For each gate in ONNX's order, its place in PyTorch's: input, output, forget, cell; update, reset, hidden. */
const GATES: Readonly<Record<string, readonly number[]>> = { LSTM: [0, 3, 1, 2], GRU: [1, 0, 2], RNN: [0] };

/** Gives recurrent layers of PyTorch, whose weights the exporter joined, weights as the state dict has them. */
function separateGates(graph: Graph, isConstant: (name: string) => boolean) {
  const gates = new Map<string, Piece>();
  const layers = new Map<string, number>();
  const nodes = graph.nodes.flatMap((node): NodeProto[] => {
    const order = node.domain === '' ? GATES[node.operator] : undefined;
    const path = moduleOf(node)?.path;
    if (order === undefined || path === undefined) return [node];
    const joined = [1, 2, 3].map((i) => ({ i, name: node.inputs[i] ?? '', tensor: graph.initializers.get(node.inputs[i] ?? '') }));
    if (joined.some(({ name, tensor }) => name !== '' && (tensor === undefined || graph.isOwnName(name) || isConstant(name))))
      return [node];
    const layer = layers.get(path) ?? 0;
    layers.set(path, layer + 1);
    const makers: NodeProto[] = [];
    const inputs = [...node.inputs];
    for (const { i, name, tensor } of joined) {
      if (tensor === undefined) continue;
      const [directions = 1, all = 0] = tensor.shape;
      const rows = i === 3 ? all / 2 : all;
      const kinds = i === 1 ? ['weight_ih'] : i === 2 ? ['weight_hh'] : ['bias_ih', 'bias_hh'];
      const pieces = range(directions).flatMap((direction) =>
        kinds.map((kind, part): string => {
          const value = `${name}#${direction}.${part}.${node.outputs.join()}`;
          const shape = i === 3 ? [rows] : [rows, tensor.shape[2]!];
          const called = `${path}.${kind}_l${layer}${direction === 1 ? '_reverse' : ''}`;
          gates.set(value, { name: called, shape, initializer: name, place: { direction, row: part * rows, rows, order } });
          return value;
        }),
      );
      const output = `${name}#joined.${node.outputs.join()}`;
      const made = { inputs: pieces, outputs: [output], attributes: [{ name: 'order', ints: order, floats: [], strings: [] }, { name: 'directions', i: directions, ints: [], floats: [], strings: [] }] }; // prettier-ignore
      makers.push({ name: `${node.name}#${i}`, operator: 'Gates', domain: 'netspace', ...made });
      inputs[i] = output;
    }
    return [...makers, { ...node, inputs }];
  });
  return { graph: { ...graph, nodes }, gates };
}
