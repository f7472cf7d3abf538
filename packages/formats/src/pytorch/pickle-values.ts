import type { RawTensorDtype } from '../raw-tensor.js';

/** What a checkpoint's pickle may build: plain data, and descriptions of storages and tensors. */
export type PickleValue =
  null | boolean | number | string | PickleTuple | PickleList | PickleDict | PickleGlobal | PickleStorage | PickleTensor;

export interface PickleTuple {
  readonly kind: 'tuple';
  readonly items: readonly PickleValue[];
}

export interface PickleList {
  readonly kind: 'list';
  readonly items: PickleValue[];
}

export interface PickleDict {
  readonly kind: 'dict';
  readonly entries: Map<string | number, PickleValue>;
}

/** One of the few names that a checkpoint may refer to, such as `collections.OrderedDict`. */
export interface PickleGlobal {
  readonly kind: 'global';
  readonly name: string;
}

/** A flat array, kept in the archive as `data/KEY`. */
export interface PickleStorage {
  readonly kind: 'storage';
  readonly dtype: RawTensorDtype;
  readonly key: string;
  /** In elements. */
  readonly length: number;
}

/** A view of a storage; `offset` and `strides` in elements. Nothing of it has been checked yet. */
export interface PickleTensor {
  readonly kind: 'tensor';
  readonly storage: PickleStorage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** The machine's working memory: a value stack, the heights at which marks were set, and remembered values. */
export interface PickleMachine {
  readonly stack: PickleValue[];
  readonly marks: number[];
  readonly memo: Map<number, PickleValue>;
}
