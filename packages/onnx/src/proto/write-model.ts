import { BinaryWriter } from '@bufbuild/protobuf/wire';

import { tensorBytes } from './write.js';

/** The value of a node's attribute. */
export type NewAttribute = { readonly int: number } | { readonly float: number } | { readonly ints: readonly number[] };

/** A node with one output, which is called as the node. */
export interface NewNode {
  readonly name: string;
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly attributes?: Readonly<Record<string, NewAttribute>>;
}

export interface NewModel {
  readonly name: string;
  readonly nodes: readonly NewNode[];
  readonly parameters: readonly { readonly name: string; readonly shape: readonly number[]; readonly values: Float32Array }[];
  /** One input and one output, float32; shapes without the batch. */
  readonly input: { readonly name: string; readonly shape: readonly number[] };
  readonly output: { readonly name: string; readonly shape: readonly number[] };
}

/** Versions of the format and of the operators. */
const [IR, OPSET] = [8, 17];

const field = (number: number): number => (number << 3) | 2;
const varint = (number: number): number => number << 3;

/** An ONNX file of a network. */
export function onnxModel({ name, nodes, parameters, input, output }: NewModel): Uint8Array {
  const graph = new BinaryWriter();
  for (const node of nodes) graph.uint32(field(1)).bytes(nodeBytes(node));
  graph.uint32(field(2)).string(name);
  for (const { name: of, shape, values } of parameters) graph.uint32(field(5)).bytes(tensorBytes(of, shape, values));
  graph.uint32(field(11)).bytes(valueInfo(input)).uint32(field(12)).bytes(valueInfo(output));
  const opset = new BinaryWriter().uint32(field(1)).string('').uint32(varint(2)).int64(OPSET).finish();
  return new BinaryWriter()
    .uint32(varint(1)).int64(IR).uint32(field(2)).string('NetSpace') // prettier-ignore
    .uint32(field(7)).bytes(graph.finish()).uint32(field(8)).bytes(opset).finish(); // prettier-ignore
}

function nodeBytes({ name, operator, inputs, attributes = {} }: NewNode): Uint8Array {
  const writer = new BinaryWriter();
  for (const one of inputs) writer.uint32(field(1)).string(one);
  writer.uint32(field(2)).string(name).uint32(field(3)).string(name).uint32(field(4)).string(operator);
  for (const [key, value] of Object.entries(attributes)) writer.uint32(field(5)).bytes(attributeBytes(key, value));
  return writer.finish();
}

/** `AttributeProto.AttributeType`, by number. */
const TYPES = { float: 1, int: 2, ints: 7 } as const;

function attributeBytes(key: string, value: NewAttribute): Uint8Array {
  const writer = new BinaryWriter().uint32(field(1)).string(key);
  if ('float' in value) writer.uint32((2 << 3) | 5).float(value.float);
  else if ('int' in value) writer.uint32(varint(3)).int64(value.int);
  else for (const one of value.ints) writer.uint32(varint(8)).int64(one);
  const type = 'float' in value ? TYPES.float : 'int' in value ? TYPES.int : TYPES.ints;
  return writer.uint32(varint(20)).int32(type).finish();
}

/** A `ValueInfoProto`: float32, the batch of any size. */
function valueInfo({ name, shape }: NewModel['input']): Uint8Array {
  const sides = new BinaryWriter().uint32(field(1)).bytes(new BinaryWriter().uint32(field(2)).string('batch').finish());
  for (const side of shape) sides.uint32(field(1)).bytes(new BinaryWriter().uint32(varint(1)).int64(side).finish());
  const tensor = new BinaryWriter().uint32(varint(1)).int32(1).uint32(field(2)).bytes(sides.finish()).finish();
  const type = new BinaryWriter().uint32(field(1)).bytes(tensor).finish();
  return new BinaryWriter().uint32(field(1)).string(name).uint32(field(2)).bytes(type).finish();
}
