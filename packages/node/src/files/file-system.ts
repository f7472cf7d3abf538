import { link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';

import { type GivenBy, objectOf, thing, withDefault } from '@netspace/prep/internal';

import { readRegularFile, readRegularRange } from './read-regular-file.js';

/** The operations of a file system that our files need. Tests can replace Node's file system by one that simulates a power cut. */
export interface FileSystem {
  /** `r` also opens a folder, to flush it. `r+` changes a file, `wx` makes a new file, and `a` adds to its end. */
  open(path: string, flags: 'r' | 'r+' | 'wx' | 'a'): Promise<OpenFile>;
  /** A regular file of at most `limit` bytes. */
  readFile(path: string, options: { readonly caller: string; readonly limit: number }): Promise<Uint8Array>;
  /** Bytes of a regular file from `begin` up to, but without, `end`; fewer if the file ends before. */
  readRange(path: string, options: { readonly caller: string; readonly begin: number; readonly end: number }): Promise<Uint8Array>;
  /** Makes a folder and the folders above it; returns the first one that it made. */
  mkdir(path: string, options: { readonly recursive: true }): Promise<string | undefined>;
  readdir(path: string): Promise<string[]>;
  stat(path: string): Promise<{ readonly mtimeMs: number; readonly size: number; isDirectory(): boolean }>;
  link(existing: string, path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { readonly force: true }): Promise<void>;
}

export interface OpenFile {
  writeFile(bytes: Uint8Array | string): Promise<void>;
  /** Cuts the file off after some bytes. */
  truncate(length: number): Promise<void>;
  /** Writes bytes at a place of the file. */
  write(bytes: Uint8Array, offset: number, length: number, position: number): Promise<{ readonly bytesWritten: number }>;
  stat(): Promise<{ readonly size: number }>;
  /** Until then a power cut may undo what was written or, for a folder, which names it has. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The file system of Node. */
export const nodeFileSystem: FileSystem = {
  ...{ open, mkdir, readdir, stat, link, rename, rm },
  readFile: (path, { caller, limit }) => readRegularFile(caller, path, limit),
  readRange: (path, { caller, begin, end }) => readRegularRange(caller, path, begin, end),
};

/** See {@link OnFileSystem}. */
export const onFileSystem = objectOf({
  /**
   * The file system to use.
   * @default nodeFileSystem
   */
  fileSystem: withDefault(
    thing<FileSystem>('a file system', ['open', 'readFile', 'readRange', 'mkdir', 'readdir', 'stat', 'link', 'rename', 'rm']),
    nodeFileSystem,
  ),
});

/** Where to write, for tests. */
export interface OnFileSystem extends GivenBy<typeof onFileSystem> {}
