import type { NodeProto, TensorProto, ValueInfo } from '../proto/messages.js';

/** A graph without functions: nodes in an order in which they can run, and what they read. */
export interface Graph {
  readonly nodes: readonly NodeProto[];
  /** What is given when the graph runs: not the initializers. */
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Values that the file holds, by the names by which nodes read them. */
  readonly initializers: ReadonlyMap<string, TensorProto>;
  /** Version of ONNX's operators. */
  readonly opset: number;
  readonly producer: string;
  /** Whether a value has its name in PyTorch's state dict, as far as the file shows it. */
  readonly isOwnName: (name: string) => boolean;
  /** All names of the state dict, if the file lists them. */
  readonly stateNames?: ReadonlySet<string>;
  /** Initializers that the file has as `Constant` nodes. */
  readonly constantNodes: ReadonlySet<string>;
  /** Inputs that read another value than in the file, by the first output of their node. */
  readonly renamedInputs?: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** Which nodes read each value. */
export function readersOf(nodes: readonly NodeProto[]): ReadonlyMap<string, readonly NodeProto[]> {
  const readers = new Map<string, NodeProto[]>();
  for (const node of nodes) {
    for (const name of new Set(node.inputs)) {
      const list = readers.get(name);
      if (list === undefined) readers.set(name, [node]);
      else list.push(node);
    }
  }
  return readers;
}

/** Which node makes each value. */
export const makersOf = (nodes: readonly NodeProto[]): ReadonlyMap<string, NodeProto> =>
  new Map(nodes.flatMap((node) => node.outputs.filter((name) => name !== '').map((name) => [name, node] as const)));

/** The nodes that some values need, in their order. */
export function neededFor(
  nodes: readonly NodeProto[],
  wanted: Iterable<string>,
  known: (name: string) => boolean = () => false,
): NodeProto[] {
  // prettier-ignore
  const needed = new Set(wanted);
  const kept: NodeProto[] = [];
  for (const node of [...nodes].reverse()) {
    if (!node.outputs.some((name) => needed.has(name) && !known(name))) continue;
    kept.push(node);
    for (const name of node.inputs) needed.add(name);
  }
  return kept.reverse();
}
