import { readdir, readFile } from 'node:fs/promises';

/** What is fuzzed: files to start from, and what reads them. */
export interface FuzzReader {
  readonly seeds: readonly Uint8Array[];
  /** Reads, checks that what was accepted does not contradict itself, and disposes of it; may return a promise. */
  read(bytes: Uint8Array): unknown;
  dispose?(): Promise<void>;
}

/** Readers by name. */
export type Readers = Readonly<Record<string, () => Promise<FuzzReader>>>;

/** The bytes of a text, or of a value as JSON. */
export const encode = (value: unknown): Uint8Array => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

/** The files of a folder whose names are wanted. */
export const fixtures = async (wanted: RegExp, folder: URL): Promise<Uint8Array[]> =>
  Promise.all(
    (await readdir(folder)).filter((name) => wanted.test(name)).map(async (name) => new Uint8Array(await readFile(new URL(name, folder)))),
  );
