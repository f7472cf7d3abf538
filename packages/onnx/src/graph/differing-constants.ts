import { attributeText, tensorText } from '../fingerprint.js';
import type { NodeProto } from '../proto/messages.js';
import { operatorName } from '../operators/table.js';
import type { Binding } from './bindings.js';
import type { Graph } from './graph.js';

interface Compared {
  readonly graph: Graph;
  readonly bindings: readonly Binding[];
}

/**
 * Names of the second graph's constants that have other numbers than the first's, if this is all in which the graphs differ.
 *
 * @returns nothing if they differ in something else
 */
export function differingConstants(a: Compared, b: Compared): readonly string[] | undefined {
  if (a.graph.nodes.length !== b.graph.nodes.length || a.graph.opset !== b.graph.opset) return undefined;
  const names = new Set<string>();
  const bound = new Set(b.bindings.map(({ value }) => value));
  for (const [i, node] of a.graph.nodes.entries()) {
    const other = b.graph.nodes[i]!;
    if (operatorName(node) !== operatorName(other) || node.inputs.length !== other.inputs.length) return undefined;
    for (const [at, name] of other.inputs.entries()) {
      if (bound.has(name)) continue;
      const [one, two] = [a.graph.initializers.get(node.inputs[at]!), b.graph.initializers.get(name)];
      if (one?.type !== two?.type || one?.shape.join() !== two?.shape.join()) return undefined;
      if (tensorText(one) !== tensorText(two)) names.add(name);
    }
    const [settings, others] = [settingsOf(node), settingsOf(other)];
    if (settings === others) continue;
    if (node.operator !== 'Constant') return undefined;
    names.add(other.outputs[0]!);
  }
  return names.size === 0 ? undefined : [...names];
}

const settingsOf = ({ attributes }: NodeProto): string =>
  [...attributes]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(attributeText)
    .join();
