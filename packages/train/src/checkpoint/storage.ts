/** A place that keeps one checkpoint: a file (`checkpointFile` of `@netspace/node`), IndexedDB or memory. */
export interface CheckpointStorage {
  /** Names the place in messages. */
  readonly name: string;
  /** The bytes last written; undefined if there are none. */
  read(): Promise<Uint8Array | undefined>;
  /** Replaces the bytes, completely or not at all. */
  write(bytes: Uint8Array): Promise<void>;
}
