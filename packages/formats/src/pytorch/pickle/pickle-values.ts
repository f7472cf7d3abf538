import type { RawTensorDtype } from '../../raw-tensor.js';

/**
 * The values that a checkpoint's pickle may build: plain data, descriptions of storages and tensors, and objects of which only the parts
 * are kept.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PickleBytes
  | PickleTuple
  | PickleList
  | PickleDict
  | PickleGlobal
  | PickleStorage
  | PickleTensor
  | PickleAbsent
  | PickleObject;

export interface PickleBytes {
  readonly kind: 'bytes';
  readonly bytes: Uint8Array;
}

export interface PickleTuple {
  readonly kind: 'tuple';
  readonly items: readonly PickleValue[];
}

/** A list or a set. */
export interface PickleList {
  readonly kind: 'list';
  readonly items: PickleValue[];
}

export interface PickleDict {
  readonly kind: 'dict';
  readonly entries: Map<PickleValue, PickleValue>;
}

/** A name that the pickle refers to, such as `collections.OrderedDict`; whatever it is, it is never run. */
export interface PickleGlobal {
  readonly kind: 'global';
  readonly name: string;
}

/** A data type of a storage: one that can be read, or the PyTorch name of one that cannot. */
export type StorageDtype = RawTensorDtype | { readonly unreadable: string; readonly itemSize: number };

/** A flat array, or a piece of one, which the file keeps under a key. */
export interface PickleStorage {
  readonly kind: 'storage';
  readonly dtype: StorageDtype;
  readonly key: string;
  /** Of the whole array, in elements. */
  readonly length: number;
  /** The piece, in elements. */
  readonly from: number;
  readonly size: number;
}

/** A view of a storage; `offset` and `strides` in elements. It has not been checked yet. */
export interface PickleTensor {
  readonly kind: 'tensor';
  readonly storage: PickleStorage;
  readonly dtype: StorageDtype;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  /** PyTorch's lazy views: the stored values are the negatives, or the complex conjugates. */
  readonly negated: boolean;
  readonly conjugated: boolean;
  /** Of a quantized tensor: the value is `(stored − zeroPoint) · scale`. */
  readonly quantized?: { readonly scale: number; readonly zeroPoint: number };
}

/** A tensor that has no values here, or none that this reader knows. */
export interface PickleAbsent {
  readonly kind: 'absent';
  readonly what: string;
}

/** An object of a class that the reader does not know. Its parts are kept, but the object is never made. */
export interface PickleObject {
  readonly kind: 'object';
  readonly name: string;
  readonly parts: PickleValue[];
  readonly entries: Map<PickleValue, PickleValue>;
  state: PickleValue | undefined;
}

/** The machine's working memory: a value stack, the heights at which marks were set, and remembered values. */
export interface PickleMachine {
  readonly stack: PickleValue[];
  readonly marks: number[];
  readonly memo: Map<number, PickleValue>;
  readonly persistent: (id: PickleValue) => PickleValue;
}

type Kinds = Extract<PickleValue, { readonly kind: string }>;

export const isKind = <Kind extends Kinds['kind']>(
  value: PickleValue | undefined,
  kind: Kind,
): value is Extract<Kinds, { readonly kind: Kind }> => typeof value === 'object' && value !== null && value.kind === kind;

export const emptyDict = (): PickleDict => ({ kind: 'dict', entries: new Map() });
