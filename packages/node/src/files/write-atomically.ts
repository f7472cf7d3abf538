import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';

import { fileProblem } from './file-problem.js';
import { nodeFileSystem, type FileSystem, type OnFileSystem } from './file-system.js';
import { flushFolder, makeFolder } from './make-folder.js';

/**
 * Writes a complete file or nothing: a reader, or a machine after a power cut, sees the old content or the new, never a part.
 *
 * The bytes are written to a second file, flushed to the disk, and renamed over the old file. Missing folders are made.
 *
 * @throws NetSpaceError `UNAVAILABLE` if the disk is full or the place cannot be written, naming it
 */
export async function writeAtomically(
  path: string,
  bytes: Uint8Array | string,
  { fileSystem = nodeFileSystem }: OnFileSystem = {},
): Promise<void> {
  const folder = dirname(path);
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await makeFolder(folder, fileSystem);
    await writeFlushed(draft, bytes, fileSystem);
    await fileSystem.rename(draft, path);
    await flushFolder(folder, fileSystem);
  } catch (error) {
    await fileSystem.rm(draft, { force: true }).catch(() => undefined); // the first error is the one to report
    throw fileProblem('writeAtomically', path, error);
  }
}

/** Writes a new file. When this returns, a power cut leaves it complete, or without its name. */
export async function writeFlushed(path: string, bytes: Uint8Array | string, fileSystem: FileSystem): Promise<void> {
  const file = await fileSystem.open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
