import type { FoldedBatchNorm, Purpose, TensorSpec } from '@netspace/prep';

import { fingerprint } from './fingerprint.js';
import type { Binding } from './graph/bindings.js';
import { flattenModel } from './graph/flatten-model.js';
import { foldNorms } from './graph/fold-norms.js';
import { type Graph, makersOf, neededFor } from './graph/graph.js';
import { imageValues } from './graph/image-values.js';
import { hasStateDict } from './graph/module-path.js';
import { findParameters, WEIGHTS } from './graph/parameters.js';
import { untied } from './graph/untie.js';
import { brief, type Budget, corruptFile } from './limits.js';
import type { ValueInfo } from './proto/messages.js';
import type { ExternalData } from './proto/read-tensor.js';
import { readModel } from './proto/read-model.js';
import type { Kind } from './run/value.js';

/** An input or output, and whether it is an image, which the file holds channels-first and the network takes and gives channels-last. */
export interface End {
  readonly name: string;
  readonly kind: Kind;
  /** Sizes in the file's order; `null` for those that may change. */
  readonly shape: readonly (number | null)[] | undefined;
  readonly image: boolean;
}

/** What an ONNX file says of a network. */
export interface OnnxNetwork {
  readonly graph: Graph;
  readonly bindings: readonly Binding[];
  readonly batchNorms: readonly FoldedBatchNorm[];
  readonly inputs: readonly End[];
  readonly outputs: readonly End[];
  /** The batch that the file was exported with, if it knows no other. */
  readonly fixedBatch: number | undefined;
  readonly fingerprint: string;
  /** The same without the names of parameters, where an exporter made them up. */
  readonly namelessFingerprint: string | undefined;
  readonly purpose: Purpose;
}

export interface NetworkOptions {
  readonly budget: Budget;
  readonly externalData: ExternalData | undefined;
  readonly outputs: readonly string[] | undefined;
  readonly softmax: 'logits' | 'values';
  readonly layout: 'channels-last' | 'as-exported';
  readonly isConstant: (name: string) => boolean;
  readonly isParameter: (name: string) => boolean;
}

const KINDS: Readonly<Record<string, Kind>> = {
  ...{ FLOAT: 'float32', DOUBLE: 'float32', FLOAT16: 'float32', BFLOAT16: 'float32', BOOL: 'bool' },
  ...{ INT64: 'int32', INT32: 'int32', INT16: 'int32', INT8: 'int32', UINT8: 'int32', UINT16: 'int32', UINT32: 'int32', UINT64: 'int32' },
};

/** Reads a file and finds out what it is. */
export function readNetwork(bytes: Uint8Array, { budget, externalData, outputs, softmax, layout, ...said }: NetworkOptions): OnnxNetwork {
  // prettier-ignore
  const flat = flattenModel(readModel(bytes, budget, externalData), budget, outputs);
  const ended = softmax === 'logits' ? withoutSoftmax(flat) : flat;
  const { graph: folded, folded: norms } = foldNorms(untied(ended, WEIGHTS));
  const { graph, bindings, batchNorms } = findParameters(folded, norms, said);
  const images = layout === 'channels-last' ? imageValues(graph) : new Set<string>();
  const end = ({ name, type, shape }: ValueInfo): End => {
    const kind = KINDS[type];
    if (kind === undefined) throw corruptFile(`expected ${brief(name)} to be a tensor of numbers, got ${type}`);
    const sides = shape?.map((side) => (typeof side === 'number' ? side : null));
    return { name, kind, shape: sides, image: images.has(name) && (sides === undefined || sides.length > 2) };
  };
  const inputs = graph.inputs.map(end);
  const ends = graph.outputs.map(end);
  const batches = inputs.map(({ shape }) => shape?.[0]);
  const fixedBatch = batches.every((size) => typeof size === 'number' && size === batches[0]) ? (batches[0] ?? undefined) : undefined;
  return {
    ...{ graph, bindings, batchNorms, inputs, outputs: ends, fixedBatch },
    fingerprint: fingerprint(graph, bindings),
    namelessFingerprint: hasStateDict(graph.producer) ? undefined : fingerprint(graph, withoutNames(bindings)),
    purpose: purposeOf(graph, inputs, ends),
  };
}

const withoutNames = (bindings: readonly Binding[]): Binding[] => bindings.map((one) => ({ ...one, spec: { ...one.spec, name: '' } }));

/** Leaves out a softmax over classes that gives the only output, so that what comes are logits. */
function withoutSoftmax(graph: Graph): Graph {
  const [output] = graph.outputs;
  const last = makersOf(graph.nodes).get(output?.name ?? '');
  if (graph.outputs.length !== 1 || last?.operator !== 'Softmax' || last.domain !== '' || !isOfClasses(graph, last)) return graph;
  const logits = last.inputs[0]!;
  const nodes = neededFor(graph.nodes, [logits]);
  return { ...graph, nodes, outputs: [{ ...output!, name: logits }] };
}

function isOfClasses(
  { outputs, opset }: Graph,
  { attributes }: { readonly attributes: readonly { readonly name: string; readonly i?: number }[] },
) {
  // prettier-ignore
  const shape = outputs[0]?.shape;
  const axis = attributes.find(({ name }) => name === 'axis')?.i ?? (opset < 13 ? 1 : -1);
  return shape?.length === 2 && (axis === 1 || axis === -1);
}

/** Operators of which logits can come. */
const LINEAR: ReadonlySet<string> = new Set([
  'Gemm',
  'MatMul',
  'Add',
  'Conv',
  'GlobalAveragePool',
  'ReduceMean',
  'AveragePool',
  'LogSoftmax',
  'BatchNormalization',
  'Affine',
]);
const SHAPE_ONLY: ReadonlySet<string> = new Set(['Reshape', 'Flatten', 'Squeeze', 'Identity', 'Dropout', 'Cast']);

/** A classifier takes images and gives two or more logits; what else a network is for, no graph shows. */
function purposeOf(graph: Graph, inputs: readonly End[], outputs: readonly End[]): Purpose {
  const [input, output] = [inputs[0], outputs[0]];
  if (inputs.length !== 1 || outputs.length !== 1 || input?.shape?.length !== 4 || input.kind !== 'float32') return 'other';
  const classes = output?.shape?.[1];
  if (output?.shape?.length !== 2 || (typeof classes === 'number' && classes < 2)) return 'other';
  const makers = makersOf(graph.nodes);
  let last = makers.get(output.name);
  while (last !== undefined && SHAPE_ONLY.has(last.operator)) last = makers.get(last.inputs[0] ?? '');
  return last !== undefined && LINEAR.has(last.operator) ? 'classifier' : 'other';
}

/** An end as an architecture shows it: images channels-last. */
export function specOf({ name, kind, shape, image }: End): TensorSpec {
  const sides = shape ?? [];
  const ordered = image ? [sides[0] ?? null, ...sides.slice(2), sides[1] ?? null] : sides;
  return { name, dtype: kind, shape: ordered.map((side, axis) => (axis === 0 ? null : side)) };
}
