import { NetSpaceError } from '@netspace/prep';
import { show } from '@netspace/prep/internal';

/** Where a store keeps its files: a folder, a browser's file system, memory. Paths are relative, with forward slashes. */
export interface StoreFiles {
  /** @throws NetSpaceError `NOT_FOUND` if there is no such file */
  read(path: string): Promise<Uint8Array>;
  /** Writes the whole file or nothing: a reader sees the old bytes or the new ones. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Runs a task while no other process runs one here. Left out where only one process ever writes. */
  exclusive?<T>(task: () => Promise<T>): Promise<T>;
}

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
  const files = new Map<string, Uint8Array>();
  return {
    read(path) {
      const bytes = files.get(path);
      return bytes === undefined
        ? Promise.reject(new NetSpaceError('NOT_FOUND', `memoryFiles.read: expected a file ${path}, got none; write it first`))
        : Promise.resolve(bytes.slice());
    },
    write(path, bytes) {
      files.set(path, bytes.slice());
      return Promise.resolve();
    },
  };
}

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
