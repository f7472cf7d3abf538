import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** A `TensorProto` of float32 numbers. */
export function tensorBytes(name: string, shape: readonly number[], values: Float32Array): Uint8Array {
  const writer = new BinaryWriter();
  if (shape.length > 0) writer.uint32(tag(1, WireType.LengthDelimited)).fork();
  for (const size of shape) writer.int64(size);
  if (shape.length > 0) writer.join();
  writer.uint32(tag(2, WireType.Varint)).int32(1);
  writer.uint32(tag(8, WireType.LengthDelimited)).string(name);
  writer.uint32(tag(9, WireType.LengthDelimited)).bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return writer.finish();
}

/** Where the numbers of a tensor are said to be that a graph file leaves out. */
export const LEFT_OUT = 'netspace:left-out';

/** A `TensorProto` of float32 numbers that are left out. */
export function emptyTensorBytes(name: string, shape: readonly number[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const size of shape) writer.uint32(tag(1, WireType.Varint)).int64(size);
  writer.uint32(tag(2, WireType.Varint)).int32(1);
  writer.uint32(tag(8, WireType.LengthDelimited)).string(name);
  writer.uint32(tag(13, WireType.LengthDelimited)).bytes(entryBytes('location', LEFT_OUT));
  return writer.uint32(tag(14, WireType.Varint)).int32(1).finish();
}

/** A model with one more entry of metadata. */
export const withMetadata = (model: Uint8Array, key: string, value: string): Uint8Array =>
  message([...fieldsOf(model), { number: 14, content: entryBytes(key, value) }]);

/** A `StringStringEntryProto`. */
const entryBytes = (key: string, value: string): Uint8Array =>
  new BinaryWriter().uint32(tag(1, WireType.LengthDelimited)).string(key).uint32(tag(2, WireType.LengthDelimited)).string(value).finish();

const tag = (field: number, wire: WireType): number => (field << 3) | wire;

/** One field of a message, whole: its number, and its bytes with and without the tag. */
interface FieldBytes {
  readonly number: number;
  readonly whole: Uint8Array;
  /** Of a field with a length. */
  readonly content: Uint8Array | undefined;
}

function fieldsOf(bytes: Uint8Array): FieldBytes[] {
  const reader = new BinaryReader(bytes);
  const fields: FieldBytes[] = [];
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const [number, wire] = reader.tag();
    let content: Uint8Array | undefined;
    if (wire === WireType.LengthDelimited) content = reader.bytes();
    else reader.skip(wire, number);
    fields.push({ number, whole: bytes.subarray(start, reader.pos), content });
  }
  return fields;
}

/** A field whose content is new. */
type NewField = { readonly number: number; readonly content: Uint8Array };

/** Fields in their order, one after the other; new ones get a tag. */
function message(fields: readonly (FieldBytes | NewField)[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const field of fields) {
    if ('whole' in field) writer.raw(field.whole);
    else writer.uint32(tag(field.number, WireType.LengthDelimited)).bytes(field.content);
  }
  return writer.finish();
}

/** Replaces the content of fields of one number; all other bytes stay as they are. */
const replaced = (bytes: Uint8Array, number: number, change: (content: Uint8Array) => Uint8Array | undefined): Uint8Array =>
  message(
    fieldsOf(bytes).flatMap((field): (FieldBytes | NewField)[] => {
      if (field.number !== number || field.content === undefined) return [field];
      const content = change(field.content);
      return content === undefined ? [] : [{ number, content }];
    }),
  );

const GRAPH = 7;
const NODE = 1;
const INITIALIZER = 5;
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const nameIn = (bytes: Uint8Array, number: number): string => text(fieldsOf(bytes).find((field) => field.number === number)?.content ?? new Uint8Array()); // prettier-ignore

/** What is put in a model's place of some values: tensors by the names of initializers, constants or merged parameters. */
export type NewTensors = ReadonlyMap<string, Uint8Array>;

/**
 * A model whose initializers are others; every other byte is the file's. A `Constant` node, or an `Identity` of an initializer, that gives one of
 * the values is replaced by an initializer.
 */
export function withInitializers(model: Uint8Array, tensors: NewTensors): Uint8Array {
  return replaced(model, GRAPH, (graph) => {
    const written = new Set<string>();
    const kept = fieldsOf(graph).flatMap((field): (FieldBytes | NewField)[] => {
      if (field.content === undefined) return [field];
      if (field.number === INITIALIZER) {
        const name = nameIn(field.content, 8);
        const tensor = tensors.get(name);
        if (tensor === undefined) return [field];
        written.add(name);
        return [{ number: INITIALIZER, content: tensor }];
      }
      if (field.number !== NODE) return [field];
      const output = nameIn(field.content, 2);
      const operator = nameIn(field.content, 4);
      return tensors.has(output) && (operator === 'Constant' || operator === 'Identity') ? [] : [field];
    });
    const missing = [...tensors].filter(([name]) => !written.has(name));
    return message([...kept, ...missing.map(([, content]) => ({ number: INITIALIZER, content }))]);
  });
}

/** Renames some inputs of nodes: `[node output, input, new name]`. */
export function withInputs(model: Uint8Array, renamed: ReadonlyMap<string, ReadonlyMap<string, string>>): Uint8Array {
  if (renamed.size === 0) return model;
  return replaced(model, GRAPH, (graph) =>
    replaced(graph, NODE, (node) => {
      const names = renamed.get(nameIn(node, 2));
      return names === undefined ? node : replaced(node, 1, (input) => new TextEncoder().encode(names.get(text(input)) ?? text(input)));
    }),
  );
}
