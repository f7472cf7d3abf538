import type { ParameterSpec } from '@netspace/prep';

import type { TensorProto } from '../proto/messages.js';

/** The statistics and weights of a batch norm, by the names of initializers. */
export interface NormNames {
  readonly scale: string;
  readonly shift: string;
  readonly mean: string;
  readonly variance: string;
  readonly epsilon: number;
}

/**
 * Where a parameter's values are in the file. `plain`: an initializer, with its two axes exchanged or not. `folded-weight`, `folded-bias`: a
 * layer with the norm behind it. `norm-weight`, `norm-bias`: a norm by itself. `gates`: a piece of a recurrent layer's weights, whose gates
 * PyTorch orders in another way.
 */
export type Source =
  | { readonly kind: 'plain'; readonly initializer: string; readonly transposed: boolean }
  | { readonly kind: 'folded-weight'; readonly initializer: string; readonly norm: NormNames }
  | { readonly kind: 'folded-bias'; readonly initializer: string | undefined; readonly norm: NormNames }
  | { readonly kind: 'norm-weight' | 'norm-bias'; readonly norm: NormNames }
  | { readonly kind: 'gates'; readonly initializer: string; readonly place: GatePlace };

/** One direction, and one of both biases, of a recurrent layer's weights. */
export interface GatePlace {
  readonly direction: number;
  /** First row of the piece, within the direction. */
  readonly row: number;
  readonly rows: number;
  /** For each gate in ONNX's order, its place in PyTorch's. */
  readonly order: readonly number[];
}

/** A parameter: what nodes read, and where its values are. */
export interface Binding {
  readonly spec: ParameterSpec;
  /** The value of the graph that the parameter gives. */
  readonly value: string;
  /** The axes of that value, in the order in which the parameter's tensor holds them. */
  readonly axes: readonly number[];
  /** Shape of that value, if it has axes of length one that the parameter has not. */
  readonly valueShape?: readonly number[];
  readonly source: Source;
}

export type Initializers = ReadonlyMap<string, TensorProto>;
