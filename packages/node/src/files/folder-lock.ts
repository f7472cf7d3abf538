import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { NetSpaceError } from '@netspace/prep';

import { isMissing } from './is-missing.js';

const LOCK_NAME = '.lock';

/**
 * Runs a task while no other process holds the folder; waits for one that does. A lock whose process has died is taken over.
 *
 * @param timeoutMs how long to wait, in milliseconds
 * @throws NetSpaceError `UNAVAILABLE` if another process holds the folder all that time
 */
export async function withFolderLock<T>(
  folder: string,
  task: () => Promise<T>,
  { timeoutMs = 60_000 }: { readonly timeoutMs?: number } = {},
): Promise<T> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, LOCK_NAME);
  const deadline = Date.now() + timeoutMs;
  while (!(await tryLock(path))) {
    if (Date.now() > deadline) {
      throw new NetSpaceError(
        'UNAVAILABLE',
        `withFolderLock: expected ${folder} to become free within ${timeoutMs / 1000} s, got a lock of another process; remove ${path} if there is none`,
      );
    }
    await setTimeout(20);
  }
  try {
    return await task();
  } finally {
    await rm(path, { force: true });
  }
}

async function tryLock(path: string): Promise<boolean> {
  try {
    await writeFile(path, owner(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const held = await readOwner(path);
  if (held !== undefined && isDead(held)) await takeAway(path, held);
  return false;
}

const owner = (pid: number): string => `${hostname()} ${pid}`;

async function readOwner(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whether the lock is of a process of this machine that no longer runs; a lock that is just being written names none. */
function isDead(held: string): boolean {
  const [host, pid] = held.split(' ');
  if (host !== hostname() || !Number(pid)) return false;
  try {
    process.kill(Number(pid), 0); // signal 0 only asks
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

/** Removes a dead process's lock; puts it back if another process has replaced it meanwhile. */
async function takeAway(path: string, held: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await rename(path, aside);
    if ((await readOwner(aside)) !== held) await link(aside, path);
  } catch (error) {
    if (!isMissing(error)) throw error; // another process was faster
  } finally {
    await rm(aside, { force: true });
  }
}
