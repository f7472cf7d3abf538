import type { NodeProto } from '../proto/messages.js';
import type { NormNames } from './bindings.js';
import { type Graph, makersOf, readersOf } from './graph.js';

/** A norm that became part of the layer before it, or a weight and a bias per channel of its own. */
export interface FoldedNorm {
  readonly norm: NormNames;
  readonly node: NodeProto;
  /** The layer before, as it was; nothing if the norm stays by itself. */
  readonly layer?: NodeProto;
}

/** Names of values that only folding makes. */
export const foldedBiasName = (output: string): string => `${output}#bias`;
export const normWeightName = (output: string): string => `${output}#weight`;

/**
 * Replaces batch norms by what they compute once their statistics are known. A norm behind a convolution or linear layer that nothing else
 * reads becomes part of it; any other is a weight and a bias per channel.
 *
 * @returns the graph without batch norms, and what was folded, by the output of the node that took its place
 */
export function foldNorms(graph: Graph): { readonly graph: Graph; readonly folded: ReadonlyMap<string, FoldedNorm> } {
  const makers = makersOf(graph.nodes);
  const readers = readersOf(graph.nodes);
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const folded = new Map<string, FoldedNorm>();
  const gone = new Set<NodeProto>();
  const replaced = new Map<NodeProto, NodeProto>();
  const holds = (name: string | undefined): boolean => name !== undefined && graph.initializers.has(name);
  for (const node of graph.nodes) {
    const [x = '', scale = '', shift = '', mean = '', variance = ''] = node.inputs;
    const training = node.attributes.some(({ name, i }) => name === 'training_mode' && i === 1);
    if (node.operator !== 'BatchNormalization' || node.domain !== '' || training) continue;
    if (![scale, shift, mean, variance].every(holds)) continue;
    const output = node.outputs[0]!;
    const norm = { scale, shift, mean, variance, epsilon: node.attributes.find(({ name }) => name === 'epsilon')?.f ?? 1e-5 };
    const layer = makers.get(x);
    const weight = layer?.inputs[1];
    const bias = layer?.inputs[2] || undefined;
    const alone = readers.get(x)?.length === 1 && !outputs.has(x);
    const weightAlone = weight !== undefined && readers.get(weight)?.length === 1;
    if (layer !== undefined && alone && weightAlone && holds(weight) && (bias === undefined || holds(bias)) && hasOutputsFirst(layer)) {
      gone.add(layer);
      replaced.set(node, { ...layer, inputs: [layer.inputs[0]!, weight, foldedBiasName(output)], outputs: [output] });
      folded.set(output, { norm, node, layer });
    } else {
      replaced.set(node, { ...node, operator: 'Affine', domain: 'netspace', inputs: [x, normWeightName(output), foldedBiasName(output)], outputs: [output], attributes: [] }); // prettier-ignore
      folded.set(output, { norm, node });
    }
  }
  const nodes = graph.nodes.filter((node) => !gone.has(node)).map((node) => replaced.get(node) ?? node);
  return { graph: { ...graph, nodes }, folded };
}

/** Layers whose weight has the output channels along its first axis. */
export function hasOutputsFirst({ operator, domain, attributes }: NodeProto): boolean {
  if (domain !== '') return false;
  const is = (name: string, value: number, otherwise: number): boolean => {
    const found = attributes.find((one) => one.name === name);
    return (found?.i ?? found?.f ?? otherwise) === value;
  };
  return operator === 'Conv' || (operator === 'Gemm' && is('transB', 1, 0) && is('transA', 0, 0) && is('alpha', 1, 1) && is('beta', 1, 1));
}
