import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import { fileProblem } from './file-problem.js';

/**
 * Writes a whole file or nothing: a reader, or a machine that loses power, sees the old content or the new, never a part.
 *
 * The bytes go to a file beside it, are flushed to the disk and renamed over the old; folders on the way are made.
 *
 * @throws NetSpaceError `UNAVAILABLE` if the disk is full or the place cannot be written, naming it
 */
export async function writeAtomically(path: string, bytes: Uint8Array | string): Promise<void> {
  const folder = dirname(path);
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(folder, { recursive: true });
    await flushTo(draft, bytes);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined); // what went wrong first is what to say
    throw fileProblem('writeAtomically', path, error);
  }
  await flushFolder(folder);
}

async function flushTo(path: string, bytes: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a rename survive a loss of power; Windows can't open folders, and needs no such step. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
