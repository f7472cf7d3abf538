import type { PickleValue } from '../pickle/pickle-values.js';

/** A checkpoint of any version: the object that its pickle describes, and the arrays that tensors are views of. */
export interface PyTorchFile {
  readonly root: PickleValue;
  /** Bytes of a storage, `undefined` if the file has none of this key. */
  sizeOf(key: string): number | undefined;
  /** The bytes of a storage that is there, little endian. */
  read(key: string): Uint8Array;
}
