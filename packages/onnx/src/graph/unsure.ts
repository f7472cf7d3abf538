import { type FoldedBatchNorm, NetSpaceError } from '@netspace/prep';

import { brief } from '../limits.js';
import { operatorName } from '../operators/table.js';
import type { NodeProto } from '../proto/messages.js';
import type { Binding } from './bindings.js';
import type { Graph } from './graph.js';
import { hasStateDict } from './module-path.js';

/** Numbers of a file that are no parameter by their name or their place, and the first node that reads them. */
export interface Unsure {
  readonly value: string;
  readonly node: NodeProto;
  readonly shape: readonly number[];
}

/** What stands in a message for each of several numbers. */
const MOST_LISTED = 8;

/**
 * Refuses numbers that may have been made of a parameter, such as the exponential of a learned scale that an exporter computed. As constants of
 * the architecture they would be lost: networks that differ in them alone would be the same.
 *
 * Numbers are constants for sure if the program that was exported wrote them: they are `Constant` nodes then. They are also if the file lists
 * the state dict and all of it is in the graph, or in a batch norm that was folded.
 *
 * @throws NetSpaceError `UNSUPPORTED`, naming all of them
 */
export function refuseUnsure(
  graph: Graph,
  unsure: readonly Unsure[],
  { bindings, batchNorms }: { readonly bindings: readonly Binding[]; readonly batchNorms: readonly FoldedBatchNorm[] },
): void {
  const bound = new Set(bindings.map(({ value }) => value));
  const open = new Map(unsure.filter(({ value }) => !bound.has(value) && !isWritten(graph, value)).map((one) => [one.value, one]));
  if (open.size === 0) return;
  const lost = graph.stateNames && lostNames(graph, graph.stateNames, { bindings, batchNorms });
  if (lost?.length === 0) return;
  const all = [...open.values()];
  const listed = all.slice(0, MOST_LISTED).map(({ value, node, shape }) => `${brief(value)} [${shape}] in ${brief(node.name || node.outputs[0] || '?')} (${operatorName(node)})`); // prettier-ignore
  const more = all.length > listed.length ? `, … (${all.length})` : '';
  const from = lost === undefined ? '' : `, while the graph has no ${lost.slice(0, MOST_LISTED).map(brief).join(', ')}`;
  const unfolded = hasStateDict(graph.producer) ? 'export with do_constant_folding=False (optimize=False with dynamo=True), or ' : '';
  throw new NetSpaceError(
    'UNSUPPORTED',
    `architectureFromOnnx: expected parameters by their names and constants as Constant nodes, got numbers that may be either: ${listed.join(', ')}${more}${from}; ${unfolded}name them in the option constants if they are the same in all networks, otherwise in parameters`,
  );
}

/** Settings that a network may learn, and that cannot be parameters here: bounds, and the number that pads. */
const LEARNED: Readonly<Record<string, readonly number[]>> = { Clip: [1, 2], Pad: [2] };

/**
 * Refuses a setting that has a name of the state dict.
 *
 * @throws NetSpaceError `UNSUPPORTED`
 */
export function refuseLearned({ constantNodes }: Graph, node: NodeProto, input: number): void {
  const value = node.inputs[input]!;
  if (LEARNED[node.operator]?.includes(input) !== true || constantNodes.has(value)) return;
  throw new NetSpaceError(
    'UNSUPPORTED',
    `architectureFromOnnx: expected constants as inputs 1 and more of ${brief(node.name || node.outputs[0] || '?')} (${operatorName(node)}), got ${brief(value)}, which is in the state dict; write it as torch.minimum and torch.maximum, or name it in the option constants if it is the same in all networks`,
  );
}

/** Whether the exported program itself had a number: no parameter went into it. */
function isWritten({ constantNodes, producer }: Graph, value: string): boolean {
  // tf2onnx keeps literals under the names of TensorFlow's operations. What it computed itself it calls const_fold_opt.
  if (producer === 'tf2onnx') return constantNodes.has(value) || !/ReadVariableOp|const_fold_opt/.test(value);
  // jax2onnx makes a bias of its own for a product without one, and the scale of attention.
  return constantNodes.has(value) || (producer === 'jax2onnx' && /^(dot_bias|dpa_scale)_\d+$/.test(value));
}

/** Names of the state dict that nothing in the graph has. */
function lostNames(
  { initializers }: Graph,
  stateNames: ReadonlySet<string>,
  { bindings, batchNorms }: { readonly bindings: readonly Binding[]; readonly batchNorms: readonly FoldedBatchNorm[] },
): readonly string[] {
  const bound = new Set(bindings.map(({ spec }) => spec.name));
  const norms = new Set(
    batchNorms.flatMap(({ norm }) => ['weight', 'bias', 'running_mean', 'running_var'].map((part) => `${norm}.${part}`)),
  );
  return [...stateNames].filter(
    (name) => !initializers.has(name) && !bound.has(name) && !norms.has(name) && !name.endsWith('num_batches_tracked'),
  );
}
