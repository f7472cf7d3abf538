import { NetSpaceError } from '@netspace/prep';

import { brief, type Budget, corruptFile } from '../limits.js';
import type { AttributeProto, NodeProto } from '../proto/messages.js';
import { type Host, isHost, shapeOf, type Value } from './value.js';

/** One call of an operator: its inputs and attributes. */
export interface Call {
  readonly node: NodeProto;
  /** Version of the operators. */
  readonly opset: number;
  readonly inputs: readonly (Value | undefined)[];
  readonly budget: Budget;
}

export type Result = Value | readonly (Value | undefined)[];

/** What an operator does. It runs inside `tf.tidy`. */
export type Operator = (call: Call) => Result;

export const nameOf = ({ name, operator, outputs }: NodeProto): string => `${brief(name || outputs[0] || 'a node')} (${operator})`;

/** An input that the operator needs. */
export function input({ node, inputs }: Call, index: number): Value {
  const value = inputs[index];
  if (value === undefined) throw corruptFile(`expected input ${index + 1} of ${nameOf(node)}, got none`);
  return value;
}

/** An input that must be known before the network runs, such as a shape; nothing if it is left out. */
export function constant(call: Call, index: number, what: string): Host | undefined {
  const value = call.inputs[index];
  if (value === undefined || isHost(value)) return value;
  throw unsupported(call, `a constant ${what}`, 'one that depends on the inputs or parameters', 'compute it outside of the network');
}

/** The numbers of a constant input, or of the attribute that older versions have in its place. */
export function constants(call: Call, index: number, attribute: string): number[] | undefined {
  const value = constant(call, index, attribute);
  return value === undefined ? ints(call, attribute) : Array.from(value.data);
}

export const unsupported = ({ node }: Call, expected: string, got: string, remedy: string): NetSpaceError =>
  new NetSpaceError('UNSUPPORTED', `${nameOf(node)}: expected ${expected}, got ${got}; ${remedy}`);

export const misfit = ({ node }: Call, expected: string, values: readonly (Value | undefined)[]): NetSpaceError =>
  new NetSpaceError(
    'SHAPE_MISMATCH',
    `${nameOf(node)}: expected ${expected}, got ${values.map((value) => (value === undefined ? 'nothing' : `[${shapeOf(value)}]`)).join(', ')}; the graph needs inputs of another shape`,
  );

export const attribute = ({ node }: Call, name: string): AttributeProto | undefined => node.attributes.find((one) => one.name === name);
export const int = (call: Call, name: string, otherwise: number): number => attribute(call, name)?.i ?? otherwise;
export const float = (call: Call, name: string, otherwise: number): number => attribute(call, name)?.f ?? otherwise;
export const text = (call: Call, name: string, otherwise: string): string => attribute(call, name)?.s ?? otherwise;
export function ints(call: Call, name: string): number[] | undefined {
  const found = attribute(call, name);
  return found === undefined ? undefined : [...found.ints];
}

/** An axis from 0 up. */
export function axisOf(call: Call, axis: number, rank: number): number {
  if (Number.isInteger(axis) && axis >= -rank && axis < Math.max(rank, 1)) return axis < 0 ? axis + rank : axis;
  throw corruptFile(`expected an axis of ${rank} in ${nameOf(call.node)}, got ${axis}`);
}
