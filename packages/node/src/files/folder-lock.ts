import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { NetSpaceError } from '@netspace/prep';

import { fileProblem, hasCode, isMissing } from './file-problem.js';
import { nodeFileSystem, type FileSystem, type OnFileSystem } from './file-system.js';
import { makeFolder } from './make-folder.js';
import { isGone, lockOwner, namesOwner } from './lock-owner.js';
import { writeFlushed } from './write-atomically.js';

const LOCK_NAME = '.lock';
/** A lock that names nobody was never written whole: nobody holds it once it has been seen for so long. */
const UNNAMED_MS = 10_000;
/** A draft this old belongs to a writer that was killed; so does one this far in the future, if the clock went back. */
const DRAFT_MS = 3_600_000;

export interface FolderLockOptions extends OnFileSystem {
  /**
   * How long to wait, in milliseconds.
   * @default 60_000
   */
  readonly timeoutMs?: number;
  /**
   * Folders within, from which drafts of writers that were killed are removed as well.
   * @default []
   */
  readonly subfolders?: readonly string[];
}

/**
 * Runs a task while no other process holds the folder; waits for one that does. A lock whose process has died is taken over.
 *
 * @throws NetSpaceError `UNAVAILABLE` if another process holds the folder all that time, or the folder cannot be written
 */
export async function withFolderLock<T>(
  folder: string,
  task: () => Promise<T>,
  { timeoutMs = 60_000, subfolders = [], fileSystem = nodeFileSystem }: FolderLockOptions = {},
): Promise<T> {
  const path = join(folder, LOCK_NAME);
  await lock(folder, path, { timeoutMs, fileSystem });
  try {
    for (const place of [folder, ...subfolders.map((name) => join(folder, name))]) await removeOldDrafts(place, fileSystem);
    return await task();
  } finally {
    await fileSystem.rm(path, { force: true });
  }
}

async function lock(
  folder: string,
  path: string,
  { timeoutMs, fileSystem }: { readonly timeoutMs: number; readonly fileSystem: FileSystem },
): Promise<void> {
  const deadline = performance.now() + timeoutMs; // not the wall clock, which may go backwards
  const unnamed = unnamedSince();
  try {
    await makeFolder(folder, fileSystem);
    while (!(await tryLock(path, unnamed, fileSystem))) {
      if (performance.now() > deadline) {
        throw new NetSpaceError(
          'UNAVAILABLE',
          `withFolderLock: expected ${folder} to become free within ${timeoutMs / 1000} s, got a lock of another process; remove ${path} if there is none`,
        );
      }
      await setTimeout(20);
    }
  } catch (error) {
    throw fileProblem('withFolderLock', folder, error);
  }
}

async function tryLock(path: string, unnamed: UnnamedSince, fileSystem: FileSystem): Promise<boolean> {
  const held = await readOwner(path, fileSystem);
  if (held === undefined) return linkLock(path, fileSystem);
  if (await isAbandoned(path, held, unnamed, fileSystem)) await takeAway(path, held, fileSystem);
  return false;
}

/** The lock appears whole or not at all, also on a full disk and after a loss of power: it is written under another name, flushed and linked. */
async function linkLock(path: string, fileSystem: FileSystem): Promise<boolean> {
  const draft = draftOf(path);
  try {
    await writeFlushed(draft, await lockOwner(), fileSystem);
    await fileSystem.link(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false; // another process was faster
    throw error;
  } finally {
    await fileSystem.rm(draft, { force: true });
  }
}

async function isAbandoned(path: string, held: string, unnamed: UnnamedSince, fileSystem: FileSystem): Promise<boolean> {
  if (namesOwner(held)) return isGone(held);
  const written = await writtenAt(path, fileSystem);
  return written !== undefined && (Date.now() - written > UNNAMED_MS || unnamed(written) > UNNAMED_MS);
}

/** How long this process has seen the lock that was written at a time, in milliseconds by a clock that never goes back. */
type UnnamedSince = (written: number) => number;

function unnamedSince(): UnnamedSince {
  let seen: { readonly written: number; readonly since: number } | undefined;
  return (written) => {
    if (seen?.written !== written) seen = { written, since: performance.now() };
    return performance.now() - seen.since;
  };
}

async function readOwner(path: string, fileSystem: FileSystem): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await fileSystem.readFile(path));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Removes an abandoned lock; puts it back if another process has replaced it meanwhile. */
async function takeAway(path: string, held: string, fileSystem: FileSystem): Promise<void> {
  const aside = draftOf(path);
  try {
    await fileSystem.rename(path, aside);
    if ((await readOwner(aside, fileSystem)) !== held) await fileSystem.link(aside, path);
  } catch (error) {
    if (!isMissing(error)) throw error; // another process was faster
  } finally {
    await fileSystem.rm(aside, { force: true });
  }
}

async function removeOldDrafts(folder: string, fileSystem: FileSystem): Promise<void> {
  for (const name of await namesIn(folder, fileSystem)) {
    if (!/\.[0-9a-f]{12}\.tmp$/.test(name)) continue;
    const path = join(folder, name);
    const written = await writtenAt(path, fileSystem);
    if (written !== undefined && Math.abs(Date.now() - written) > DRAFT_MS) await fileSystem.rm(path, { force: true });
  }
}

async function namesIn(folder: string, fileSystem: FileSystem): Promise<readonly string[]> {
  try {
    return await fileSystem.readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** When a file was written, in milliseconds since 1970; undefined if it is gone. */
async function writtenAt(path: string, fileSystem: FileSystem): Promise<number | undefined> {
  try {
    return (await fileSystem.stat(path)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const draftOf = (path: string): string => `${path}.${randomBytes(6).toString('hex')}.tmp`;
