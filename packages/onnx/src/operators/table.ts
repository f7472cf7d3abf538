import type { NodeProto } from '../proto/messages.js';
import type { Operator } from '../run/call.js';
import { ACTIVATIONS } from './activations.js';
import { conv, convTranspose } from './windows/conv.js';
import { einsum } from './einsum.js';
import { ELEMENTWISE } from './elementwise.js';
import { MAKERS } from './make.js';
import { gemm, matMul } from './matmul.js';
import { NORMS } from './norm.js';
import { POOLS } from './windows/pool.js';
import { RECURRENT } from './recurrent.js';
import { REDUCTIONS } from './reduce.js';
import { resize } from './resize.js';
import { RESHAPES } from './reshape.js';
import { SELECTIONS } from './select.js';

const TABLE: ReadonlyMap<string, Operator> = new Map(
  Object.entries({
    ...{ ...ELEMENTWISE, ...ACTIVATIONS, ...REDUCTIONS, ...RESHAPES, ...SELECTIONS, ...MAKERS, ...NORMS, ...POOLS, ...RECURRENT },
    ...{ Conv: conv, ConvTranspose: convTranspose, Gemm: gemm, MatMul: matMul, Einsum: einsum, Resize: resize, Upsample: resize },
  }),
);

/** How an operator is called in the table and in messages: with its domain, if that is not ONNX's own. */
export const operatorName = ({ domain, operator }: Pick<NodeProto, 'domain' | 'operator'>): string =>
  domain === '' ? operator : `${domain}.${operator}`;

/** What runs an operator; nothing if none is known. */
export const operatorOf = (node: Pick<NodeProto, 'domain' | 'operator'>): Operator | undefined => TABLE.get(operatorName(node));

/** All operators that run. */
export const OPERATORS: readonly string[] = [...TABLE.keys()].filter((name) => !name.includes('.')).sort();
