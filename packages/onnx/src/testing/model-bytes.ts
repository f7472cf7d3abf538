import { BinaryWriter } from '@bufbuild/protobuf/wire';

/** A node of a model that a test writes by hand. */
export interface HandNode {
  readonly name: string;
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly ints?: Readonly<Record<string, number>>;
}

export interface HandModel {
  readonly nodes: readonly HandNode[];
  /** `TensorProto`s. */
  readonly initializers?: readonly Uint8Array[];
  readonly inputs?: readonly string[];
  readonly outputs?: readonly string[];
  readonly opset?: number;
  readonly producer?: string;
  /** Names of the state dict, as PyTorch's newer exporter lists them. */
  readonly stateNames?: readonly string[];
}

const field = (number: number): number => (number << 3) | 2;

/** An ONNX file with inputs and outputs `[batch, 2]`, float32, called x and y unless said otherwise. */
export function modelBytes({
  nodes,
  initializers = [],
  inputs = ['x'],
  outputs = ['y'],
  opset = 17,
  producer = '',
  stateNames,
}: HandModel): Uint8Array {
  const graph = new BinaryWriter();
  for (const { name, operator, inputs: reads, outputs: makes, ints = {} } of nodes) {
    const node = new BinaryWriter();
    for (const one of reads) node.uint32(field(1)).string(one);
    for (const one of makes) node.uint32(field(2)).string(one);
    node.uint32(field(3)).string(name).uint32(field(4)).string(operator);
    for (const [key, value] of Object.entries(ints)) {
      node.uint32(field(5)).bytes(new BinaryWriter().uint32(field(1)).string(key).uint32(24).int64(value).uint32(160).int32(2).finish());
    }
    graph.uint32(field(1)).bytes(node.finish());
  }
  for (const one of initializers) graph.uint32(field(5)).bytes(one);
  for (const one of inputs) graph.uint32(field(11)).bytes(valueInfo(one));
  for (const one of outputs) graph.uint32(field(12)).bytes(valueInfo(one));
  if (stateNames !== undefined) {
    const value = stateNames.map((name) => `p_${name}: PARAMETER target='${name}'`).join('\n');
    graph.uint32(field(16)).bytes(new BinaryWriter().uint32(field(1)).string('pkg.torch.export.graph_signature').uint32(field(2)).string(value).finish()); // prettier-ignore
  }
  const version = new BinaryWriter().uint32(16).int64(opset).finish();
  return new BinaryWriter()
    .uint32(8)
    .int64(8)
    .uint32(field(2))
    .string(producer)
    .uint32(field(7))
    .bytes(graph.finish())
    .uint32(field(8))
    .bytes(version)
    .finish();
}

function valueInfo(name: string): Uint8Array {
  const batch = new BinaryWriter().uint32(field(2)).string('batch').finish();
  const two = new BinaryWriter().uint32(8).int64(2).finish();
  const shape = new BinaryWriter().uint32(field(1)).bytes(batch).uint32(field(1)).bytes(two).finish();
  const tensor = new BinaryWriter().uint32(8).int32(1).uint32(field(2)).bytes(shape).finish();
  return new BinaryWriter()
    .uint32(field(1))
    .string(name)
    .uint32(field(2))
    .bytes(new BinaryWriter().uint32(field(1)).bytes(tensor).finish())
    .finish();
}
