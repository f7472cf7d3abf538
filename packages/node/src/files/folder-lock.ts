import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { NetSpaceError } from '@netspace/prep';

import { fileProblem, hasCode, isMissing } from './file-problem.js';
import { isGone, lockOwner, namesOwner } from './lock-owner.js';

const LOCK_NAME = '.lock';
/** A lock that names nobody was never written whole: nobody holds it once it is this old. */
const UNNAMED_MS = 10_000;
/** A draft this old belongs to a writer that was killed. */
const DRAFT_MS = 3_600_000;

interface FolderLockOptions {
  readonly timeoutMs?: number;
  /** Of the lock's file: locks of two names do not exclude each other. */
  readonly name?: string;
  /** The message if another process holds the folder, told who. */
  readonly busy?: ((owner: string) => string) | undefined;
}

/**
 * Runs a task while no other process holds the folder; waits for one that does. A lock whose process has died is taken over.
 *
 * @param timeoutMs how long to wait, in milliseconds
 * @throws NetSpaceError `UNAVAILABLE` if another process holds the folder all that time, or the folder cannot be written
 */
export async function withFolderLock<T>(
  folder: string,
  task: () => Promise<T>,
  { timeoutMs = 60_000, name = LOCK_NAME, busy }: FolderLockOptions = {},
): Promise<T> {
  const path = join(folder, name);
  await lock(folder, path, { timeoutMs, busy });
  try {
    await removeOldDrafts(folder);
    return await task();
  } finally {
    await rm(path, { force: true });
  }
}

async function lock(
  folder: string,
  path: string,
  { timeoutMs, busy }: { readonly timeoutMs: number; readonly busy: FolderLockOptions['busy'] },
): Promise<void> {
  const deadline = performance.now() + timeoutMs; // not the wall clock, which may go backwards
  try {
    await mkdir(folder, { recursive: true });
    while (!(await tryLock(path))) {
      if (performance.now() > deadline) {
        throw new NetSpaceError(
          'UNAVAILABLE',
          busy?.((await readOwner(path)) ?? 'unknown') ??
            `withFolderLock: expected ${folder} to become free within ${timeoutMs / 1000} s, got a lock of another process; remove ${path} if there is none`,
        );
      }
      await setTimeout(20);
    }
  } catch (error) {
    throw fileProblem('withFolderLock', folder, error);
  }
}

/** The lock appears whole or not at all, also on a full disk: it is written under another name and linked. */
async function tryLock(path: string): Promise<boolean> {
  const draft = draftOf(path);
  try {
    await writeFile(draft, await lockOwner(), { flag: 'wx' });
    await link(draft, path);
    return true;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const held = await readOwner(path);
  if (held !== undefined && (await isAbandoned(path, held))) await takeAway(path, held);
  return false;
}

async function isAbandoned(path: string, held: string): Promise<boolean> {
  if (namesOwner(held)) return isGone(held);
  return (await ageMs(path)) > UNNAMED_MS;
}

async function readOwner(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Removes an abandoned lock; puts it back if another process has replaced it meanwhile. */
async function takeAway(path: string, held: string): Promise<void> {
  const aside = draftOf(path);
  try {
    await rename(path, aside);
    if ((await readOwner(aside)) !== held) await link(aside, path);
  } catch (error) {
    if (!isMissing(error)) throw error; // another process was faster
  } finally {
    await rm(aside, { force: true });
  }
}

async function removeOldDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (/\.[0-9a-f]{12}\.tmp$/.test(name) && (await ageMs(path)) > DRAFT_MS) await rm(path, { force: true });
  }
}

async function ageMs(path: string): Promise<number> {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

const draftOf = (path: string): string => `${path}.${randomBytes(6).toString('hex')}.tmp`;
