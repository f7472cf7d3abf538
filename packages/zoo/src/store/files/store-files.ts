import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { joinBytes, show } from '@netspace/prep/internal';

/** Where a store keeps its files: a folder, a browser's file system, memory. Paths are relative, with forward slashes. */
export interface StoreFiles {
  /** @throws NetSpaceError `NOT_FOUND` if there is no such file */
  read(path: string): Promise<Uint8Array>;
  /** Writes the whole file or nothing: a reader sees the old bytes or the new ones. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /**
   * Bytes of a file from `begin` up to, but without, `end`; fewer where the file ends before. Left out, whole files are read.
   *
   * @throws NetSpaceError `NOT_FOUND` if there is no such file
   */
  readRange?(path: string, begin: number, end: number): Promise<Uint8Array>;
  /**
   * Makes a file of its first `at` bytes and these, which are kept when this returns; makes the file if `at` is 0. Readers of the first `at`
   * bytes are not disturbed. Left out, whole files are written, and each network has one of its own.
   *
   * @throws NetSpaceError `CORRUPT_FILE` if the file is shorter than `at`
   */
  append?(path: string, at: number, bytes: Uint8Array): Promise<void>;
  /** Names of the files in a folder, in any order; none if there is no such folder. Left out, files that no index names are not noticed. */
  list?(folder: string): Promise<readonly string[]>;
  /** Removes a file, if it is there. Left out, files that are no longer needed stay. */
  remove?(path: string): Promise<void>;
  /** Runs a task while no other process runs one here. Left out where only one process ever writes. */
  exclusive?<T>(task: () => Promise<T>): Promise<T>;
}

/** A part of a file; where the files can only be read whole, that is what happens. */
export async function readPart(files: StoreFiles, path: string, begin: number, end: number): Promise<Uint8Array> {
  return files.readRange === undefined ? (await files.read(path)).subarray(begin, end) : files.readRange(path, begin, end);
}

/** Up to `count` bytes of a file from a place on; none if the file ends before, or is not there. */
export async function bytesAt(files: StoreFiles, path: string, begin: number, count: number): Promise<Uint8Array> {
  try {
    return await readPart(files, path, begin, begin + count);
  } catch (error) {
    if (isNetSpaceError(error) && error.code === 'NOT_FOUND') return new Uint8Array();
    throw error;
  }
}

/** Replaces what follows the first `at` bytes of a file; where files can only be written whole, that is what happens. */
export async function appendAt(files: StoreFiles, path: string, at: number, bytes: Uint8Array): Promise<void> {
  if (files.append !== undefined) return files.append(path, at, bytes);
  if (at === 0) return files.write(path, bytes);
  const before = await readPart(files, path, 0, at);
  if (before.length < at) throw shorter('appendAt', path, at, before.length);
  await files.write(path, joinBytes([before, bytes]));
}

/** A file that has lost its end. */
export const shorter = (caller: string, path: string, at: number, got: number): NetSpaceError =>
  new NetSpaceError(
    'CORRUPT_FILE',
    `${caller}: expected at least ${at} bytes in ${path}, got ${got}; copy it again, or take what is whole into a new zoo: netspace zoo recover`,
  );

/** Checks that something can keep a store: a JavaScript caller may pass the path of a folder. */
export function checkFiles(files: unknown): void {
  if (typeof files === 'object' && files !== null && 'read' in files && 'write' in files) return;
  const remedy = typeof files === 'string' ? `directoryFiles('${files}') of @netspace/node is a folder` : 'pass memoryFiles()';
  throw new NetSpaceError('INVALID_OPTION', `openInstanceStore: expected files with read and write, got ${show(files)}; ${remedy}`);
}

/**
 * Files in memory, for tests and for stores that are never kept.
 *
 * @example
 * ```ts
 * import { memoryFiles, openInstanceStore } from '@netspace/zoo';
 *
 * const store = openInstanceStore(memoryFiles());
 * console.log((await store.list()).length); // 0
 * ```
 */
export function memoryFiles(): StoreFiles {
  const files = new Map<string, { readonly room: Uint8Array; readonly length: number }>();
  const bytesOf = (path: string): Uint8Array => {
    const file = files.get(path);
    if (file === undefined) {
      throw new NetSpaceError('NOT_FOUND', `memoryFiles.read: expected a file ${path}, got none; write it first`);
    }
    return file.room.subarray(0, file.length);
  };
  const soon = <T>(run: () => T): Promise<T> => new Promise((resolve) => resolve(run()));
  return {
    read: (path) => soon(() => bytesOf(path).slice()),
    readRange: (path, begin, end) => soon(() => bytesOf(path).slice(begin, end)),
    write: (path, bytes) => soon(() => void files.set(path, { room: bytes.slice(), length: bytes.length })),
    append: (path, at, bytes) =>
      soon(() => {
        const before = at === 0 && !files.has(path) ? new Uint8Array() : bytesOf(path);
        if (before.length < at) throw shorter('memoryFiles.append', path, at, before.length);
        const length = at + bytes.length;
        const { room } = files.get(path) ?? { room: before };
        const enough = room.length >= length ? room : new Uint8Array(Math.max(length, 2 * room.length)); // doubles: adding costs the same
        if (enough !== room) enough.set(before.subarray(0, at));
        enough.set(bytes, at);
        files.set(path, { room: enough, length });
      }),
    list: (folder) =>
      soon(() => [...files.keys()].filter((path) => folderOf(path) === folder).map((path) => path.slice(path.lastIndexOf('/') + 1))),
    remove: (path) => soon(() => void files.delete(path)),
  };
}

const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0));

const tails = new WeakMap<StoreFiles, Promise<unknown>>();

/** Runs tasks on the same files one after the other, in the order of the calls; one that fails does not stop the next. */
export function oneAtATime<T>(files: StoreFiles, task: () => Promise<T>): Promise<T> {
  const before = tails.get(files) ?? Promise.resolve();
  const run = before.then(() => (files.exclusive === undefined ? task() : files.exclusive(task)));
  tails.set(
    files,
    run.catch(() => undefined),
  );
  return run;
}
