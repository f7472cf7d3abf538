import type { NodeProto } from '../proto/messages.js';
import type { Graph } from './graph.js';
import { moduleOf } from './module-path.js';

/** Operators that read parameters of any name, such as the scale of a layer. */
const ARITHMETIC: ReadonlySet<string> = new Set(['Add', 'Sub', 'Mul', 'Div']);

/**
 * Gives each module its own parameters. PyTorch's newer exporter merges parameters of equal values, such as those of layers that were copied and
 * not yet trained: `layers.1.fc` then reads `layers.0.fc.weight`.
 *
 * @param roles inputs of operators that hold weights, by operator
 */
export function untied(graph: Graph, roles: Readonly<Record<string, Readonly<Record<number, string>>>>): Graph {
  const initializers = new Map(graph.initializers);
  const readers = new Map<string, Set<string>>();
  const roleOf = (node: NodeProto, i: number): string | undefined => {
    if (node.domain !== '') return undefined;
    const arithmetic = ARITHMETIC.has(node.operator) && graph.isOwnName(node.inputs[i]!);
    return roles[node.operator]?.[i] ?? (arithmetic ? '' : undefined);
  };
  for (const node of graph.nodes) {
    const path = pathOf(node);
    node.inputs.forEach((name, i) => {
      if (path === undefined || !initializers.has(name) || roleOf(node, i) === undefined) return;
      readers.set(name, (readers.get(name) ?? new Set()).add(path));
    });
  }
  const own = new Set<string>();
  const renamedInputs = new Map<string, Map<string, string>>();
  const nodes = graph.nodes.map((node): NodeProto => {
    const path = pathOf(node);
    const renamed = new Map<string, string>();
    const inputs = node.inputs.map((name, i) => {
      const tensor = initializers.get(name);
      const role = roleOf(node, i);
      const all = readers.get(name);
      if (path === undefined || tensor === undefined || role === undefined || all === undefined || all.size < 2) return name;
      const alias = graph.isOwnName(name) ? ownAlias(name, path, role, all) : path === [...all][0] ? undefined : `${name}#${path}`;
      if (alias === undefined || tensor.shape.length === 0) return name;
      if (graph.isOwnName(name)) own.add(alias);
      if (!initializers.has(alias)) initializers.set(alias, { ...tensor, name: alias });
      renamed.set(name, alias);
      return alias;
    });
    if (renamed.size > 0) renamedInputs.set(node.outputs[0]!, renamed);
    return { ...node, inputs };
  });
  return { ...graph, nodes, initializers, renamedInputs, isOwnName: (name) => own.has(name) || graph.isOwnName(name) };
}

/** The older exporter merges nothing without a trace, and gives a module that runs twice two names. */
const pathOf = (node: NodeProto): string | undefined => (node.namespace === undefined ? undefined : moduleOf(node)?.path);

/** `layers.1.fc.weight` for what is called `layers.0.fc.weight` and read by module `layers.1.fc`; nothing for the module whose name it has. */
function ownAlias(name: string, path: string, role: string, readers: ReadonlySet<string>): string | undefined {
  const homes = [...readers].filter((one) => name.startsWith(`${one}.`));
  const home = homes.reduce<string | undefined>((a, b) => (a === undefined || b.length > a.length ? b : a), undefined);
  const depth = (text: string): number => text.split('.').length;
  if (home === undefined || home === path || depth(home) !== depth(path) || !name.endsWith(role)) return undefined;
  return `${path}.${name.slice(home.length + 1)}`;
}
