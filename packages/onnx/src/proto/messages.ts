import type { RawTensor } from '@netspace/formats';

/** `TensorProto`: its numbers are read when they are asked for. */
export interface TensorProto {
  readonly name: string;
  /** `FLOAT`, `INT64`, … */
  readonly type: string;
  readonly shape: readonly number[];
  /** Whether its numbers are left out, as in the graph that is kept beside networks: `read` refuses then. */
  readonly isLeftOut?: true;
  /** A copy of the numbers. */
  readonly read: () => RawTensor;
}

/** The value of an attribute, by the field that holds it. */
export interface AttributeProto {
  readonly name: string;
  /** The attribute of the surrounding function that it stands for. */
  readonly refersTo?: string;
  readonly f?: number;
  readonly i?: number;
  readonly s?: string;
  readonly t?: TensorProto;
  readonly g?: GraphProto;
  readonly floats: readonly number[];
  readonly ints: readonly number[];
  readonly strings: readonly string[];
  /** What it holds that is none of these. */
  readonly other?: string;
}

/** `NodeProto`: one call of an operator. */
export interface NodeProto {
  readonly name: string;
  readonly operator: string;
  readonly domain: string;
  /** An empty name stands for an input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly AttributeProto[];
  /** The modules of PyTorch that the node is of, as its newer exporter writes them: `: Net/fc: torch.nn.Linear/linear: aten.linear`. */
  readonly namespace?: string;
}

/** A size of an axis: a number, a name of one that is known when the network runs, or nothing. */
export type Dimension = number | string | undefined;

/** `ValueInfoProto` of a tensor. */
export interface ValueInfo {
  readonly name: string;
  readonly type: string;
  /** Nothing if not even the rank is said. */
  readonly shape: readonly Dimension[] | undefined;
}

export interface GraphProto {
  readonly name: string;
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** What PyTorch's newer exporter says of the values: which are parameters. */
  readonly signature?: string;
}

/** `FunctionProto`: an operator that the file itself defines. */
export interface FunctionProto {
  readonly name: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly NodeProto[];
  /** Defaults of attributes. */
  readonly attributes: readonly AttributeProto[];
}

export interface ModelProto {
  readonly producer: string;
  readonly graph: GraphProto;
  readonly functions: readonly FunctionProto[];
  /** Version of the operators, by domain; `''` is ONNX's own. */
  readonly opsets: ReadonlyMap<string, number>;
}
