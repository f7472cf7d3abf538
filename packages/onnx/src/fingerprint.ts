import { hashOf } from '@netspace/prep/internal';

import type { Binding } from './graph/bindings.js';
import type { Graph } from './graph/graph.js';
import { operatorName } from './operators/table.js';
import type { AttributeProto, TensorProto } from './proto/messages.js';

/**
 * Names what a graph computes, whatever the values of its parameters and the names of what lies between: graphs of the same layers, exported on
 * another day, have the same.
 *
 * @returns 13 hexadecimal digits
 */
export function fingerprint({ nodes, inputs, outputs, initializers, opset }: Graph, bindings: readonly Binding[]): string {
  const numbers = new Map<string, string>([['', '-']]);
  inputs.forEach(({ name, type, shape }, i) => numbers.set(name, `i${i}:${type}:${shape?.slice(1).map((side) => (typeof side === 'number' ? side : '?')).join('x')}`)); // prettier-ignore
  bindings.forEach(({ value, axes }, i) => numbers.set(value, `p${i}:${axes.join('')}`));
  let made = 0;
  const lines = nodes.map((node) => {
    const reads = node.inputs.map((name) => numbers.get(name) ?? tensorText(initializers.get(name)));
    for (const name of node.outputs) if (name !== '') numbers.set(name, `n${made++}`);
    const settings = [...node.attributes].sort((a, b) => (a.name < b.name ? -1 : 1)).map(attributeText);
    return `${operatorName(node)}(${reads.join()})${settings.join()}`;
  });
  const specs = bindings.map(({ spec }) => `${spec.name}[${spec.shape}]`);
  return hashOf([opset, ...specs, ...lines, ...outputs.map(({ name }) => numbers.get(name))].join('\n'));
}

export const attributeText = ({ name, f, i, s, t, ints, floats, strings }: AttributeProto): string =>
  JSON.stringify([name, f, i, s, tensorText(t), ints, floats, strings]);

export function tensorText(tensor: TensorProto | undefined): string {
  if (tensor === undefined) return '';
  const { data } = tensor.read();
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return `${tensor.type}[${tensor.shape}]${hashOf(bytes)}`;
}
