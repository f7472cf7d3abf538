import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { NetSpaceError } from '@netspace/prep';

import { fileProblem, hasCode, isMissing } from './file-problem.js';
import { nodeFileSystem, type FileSystem, type OnFileSystem } from './file-system.js';
import { makeFolder } from './make-folder.js';
import { isGone, isOfOtherMachine, lockOwner, namesOwner } from './lock-owner.js';
import { writeFlushed } from './write-atomically.js';

const LOCK_NAME = '.lock';
/** A lock without an owner was never written completely. After this time it counts as abandoned. */
const UNNAMED_MS = 10_000;
/** A draft of this age belongs to a writer that was killed. So does one this far in the future, if the clock went back. */
const DRAFT_MS = 3_600_000;

export interface FolderLockOptions extends OnFileSystem {
  /**
   * How long to wait, in milliseconds.
   * @default 60_000
   */
  readonly timeoutMs?: number;
  /**
   * Name of the lock's file. Locks with different names do not exclude each other.
   * @default '.lock'
   */
  readonly name?: string;
  /** The message if another process holds the folder. It gets the owner. */
  readonly busy?: ((owner: string) => string) | undefined;
  /** Called once before waiting, if another process holds the folder. It gets the owner. */
  readonly onWait?: ((owner: string) => void) | undefined;
  /** Stops the wait. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Folders inside it from which drafts of killed writers are removed as well.
   * @default []
   */
  readonly subfolders?: readonly string[];
  /**
   * How long a lock without an owner is respected, in milliseconds.
   * @default 10_000
   */
  readonly unnamedMs?: number;
}

/**
 * Runs a task while no other process holds the folder. If another process holds it, this waits. A lock whose process has died is taken
 * over.
 *
 * @throws NetSpaceError `UNAVAILABLE` if another process holds the folder all that time, or the folder cannot be written; `ABORTED` when
 * the signal stopped the wait
 */
export async function withFolderLock<T>(folder: string, task: () => Promise<T>, options: FolderLockOptions = {}): Promise<T> {
  const { name = LOCK_NAME, subfolders = [], fileSystem = nodeFileSystem } = options;
  const path = join(folder, name);
  await lock(folder, path, options);
  try {
    for (const place of [folder, ...subfolders.map((below) => join(folder, below))]) await removeOldDrafts(place, fileSystem);
    return await task();
  } finally {
    await fileSystem.rm(path, { force: true });
  }
}

/** Whether a process that may still run holds a lock of a folder. */
export async function isLocked(folder: string, name: string): Promise<boolean> {
  const owner = await readOwner(join(folder, name), nodeFileSystem);
  return owner !== undefined && !(await isGone(owner));
}

/**
 * Removes a lock that a process of another machine holds. For callers who know by other means that it is dead, such as a queue that has given its job away: nobody here can see
 * whether it runs.
 */
export async function releaseOfOtherMachine(folder: string, name: string): Promise<void> {
  const path = join(folder, name);
  const held = await readOwner(path, nodeFileSystem);
  if (held !== undefined && isOfOtherMachine(held)) await takeAway(path, held, nodeFileSystem);
}

async function lock(
  folder: string,
  path: string,
  { timeoutMs = 60_000, busy, onWait, signal, unnamedMs = UNNAMED_MS, fileSystem = nodeFileSystem }: FolderLockOptions,
): Promise<void> {
  const deadline = performance.now() + timeoutMs; // not the wall clock, which may go backwards
  const isAbandoned = abandonment(unnamedMs, fileSystem);
  try {
    await makeFolder(folder, fileSystem);
    for (let waits = 0; !(await tryLock(path, isAbandoned, fileSystem)); waits++) {
      if (signal?.aborted) throw new NetSpaceError('ABORTED', `withFolderLock: stopped by its signal while another process held ${folder}`);
      if (waits === 25) onWait?.((await readOwner(path, fileSystem)) ?? 'unknown'); // half a second: what died is taken over by then
      if (performance.now() > deadline) {
        throw new NetSpaceError(
          'UNAVAILABLE',
          busy?.((await readOwner(path, fileSystem)) ?? 'unknown') ??
            `withFolderLock: expected ${folder} to become free within ${timeoutMs / 1000} s, got a lock of another process; remove ${path} if there is none`,
        );
      }
      await setTimeout(20);
    }
  } catch (error) {
    throw fileProblem('withFolderLock', folder, error);
  }
}

async function tryLock(path: string, isAbandoned: IsAbandoned, fileSystem: FileSystem): Promise<boolean> {
  const held = await readOwner(path, fileSystem);
  if (held === undefined) return linkLock(path, fileSystem);
  if (!(await isAbandoned(path, held))) return false;
  await takeAway(path, held, fileSystem);
  return linkLock(path, fileSystem); // at once: on a busy machine the time to wait may be over
}

/**
 * The lock appears completely or not at all, also on a full disk and after a power cut: it is written under another name, flushed and
 * linked.
 */
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

type IsAbandoned = (path: string, held: string) => Promise<boolean>;

/**
 * Recognizes abandoned locks. For a lock without an owner it uses the lock's age, or the time since it was first seen, by a clock that
 * never goes back.
 */
function abandonment(unnamedMs: number, fileSystem: FileSystem): IsAbandoned {
  let seen: { readonly written: number; readonly since: number } | undefined;
  return async (path, held) => {
    if (namesOwner(held)) return isGone(held);
    const written = await writtenAt(path, fileSystem);
    if (written === undefined) return false;
    if (seen?.written !== written) seen = { written, since: performance.now() };
    return Date.now() - written > unnamedMs || performance.now() - seen.since > unnamedMs;
  };
}

async function readOwner(path: string, fileSystem: FileSystem): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await fileSystem.readFile(path, { caller: 'withFolderLock', limit: 4096 }));
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
