import { randomBytes } from 'node:crypto';
import { mkdir, open, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { NetSpaceError } from '@netspace/prep';

import { fileProblem, isMissing } from './file-problem.js';

/**
 * Refuses a place to which results cannot be written, before anything is computed. It leaves nothing behind.
 *
 * To test the permission, a file is made and removed. This also finds read-only file systems.
 *
 * @param kind what will be written at the path; a folder may be there already, a file is replaced
 * @throws NetSpaceError `INVALID_OPTION` if something else stands there, `NOT_FOUND` if its parent is missing, `UNAVAILABLE` if it cannot
 * be written
 */
export async function checkOutput(option: string, path: string, kind: 'file' | 'folder'): Promise<void> {
  const found = await kindOf(option, path);
  const parent = dirname(resolve(path));
  if (found !== 'nothing' && found !== kind) {
    throw new NetSpaceError('INVALID_OPTION', `expected ${option} to be a ${kind}, got ${path}, which is a ${found}; name another path`);
  }
  if (found === 'nothing' && (await kindOf(option, parent)) !== 'folder') {
    throw new NetSpaceError('NOT_FOUND', `expected ${option} in a folder that exists, got ${path}; make the folder ${parent} first`);
  }
  if (found === 'folder') return tryToWrite(option, path);
  if (kind === 'file') return tryToWrite(option, parent);
  try {
    await mkdir(path);
    await rmdir(path);
  } catch (error) {
    throw unusable(option, path, error);
  }
}

async function tryToWrite(option: string, folder: string): Promise<void> {
  const path = join(folder, `.netspace-${randomBytes(6).toString('hex')}.tmp`);
  try {
    await (await open(path, 'wx')).close();
    await rm(path, { force: true });
  } catch (error) {
    throw unusable(option, folder, error);
  }
}

type Kind = 'file' | 'folder' | 'device or pipe' | 'nothing';

async function kindOf(option: string, path: string): Promise<Kind> {
  try {
    const stats = await stat(path);
    return stats.isDirectory() ? 'folder' : stats.isFile() ? 'file' : 'device or pipe';
  } catch (error) {
    if (isMissing(error)) return 'nothing';
    throw unusable(option, path, error);
  }
}

/** An error of `node:fs` in words. Some places, such as `/proc`, say "no such file" where no file can be made. */
function unusable(option: string, path: string, error: unknown): unknown {
  const problem = fileProblem(option, path, error);
  if (problem !== error || !(error instanceof Error && 'code' in error)) return problem;
  const code = String(error.code);
  return new NetSpaceError('UNAVAILABLE', `${option}: expected to use ${path}, got ${code}: it cannot be written; name another path`, {
    cause: error,
  });
}
