import { dirname } from 'node:path';

import { isNetSpaceError, NetSpaceError } from '@netspace/prep';

import { fileProblem, isMissing } from './file-problem.js';
import type { FileSystem, OpenFile } from './file-system.js';
import { flushFolder, makeFolder } from './make-folder.js';

/**
 * Writes bytes to a file after its first `at` bytes. When this returns, a power cut cannot undo it. Bytes that were there beyond `at` came
 * from a writer that was interrupted, and are dropped.
 *
 * @throws NetSpaceError `CORRUPT_FILE` if the file is shorter than `at`; `UNAVAILABLE` if the disk is full or the place cannot be written
 */
export async function appendFlushed(path: string, at: number, bytes: Uint8Array, fileSystem: FileSystem): Promise<void> {
  try {
    await makeFolder(dirname(path), fileSystem);
    const file = await openToChange(path, at, fileSystem);
    try {
      const { size } = await file.stat();
      if (size < at) throw tooShort(path, at, size);
      if (size > at) await file.truncate(at);
      await writeAll(file, bytes, at);
      await file.sync();
    } catch (error) {
      if (!isNetSpaceError(error)) await file.truncate(at).catch(() => undefined); // leaves a full disk the room that it had
      throw error;
    } finally {
      await file.close();
    }
    // Also for a file that was there, because its maker may have been killed before its name was on the disk.
    if (at === 0) await flushFolder(dirname(path), fileSystem);
  } catch (error) {
    throw fileProblem('appendFlushed', path, error);
  }
}

async function openToChange(path: string, at: number, fileSystem: FileSystem): Promise<OpenFile> {
  try {
    return await fileSystem.open(path, 'r+');
  } catch (error) {
    if (!isMissing(error)) throw error;
    if (at > 0) throw tooShort(path, at, 0);
    return fileSystem.open(path, 'wx');
  }
}

async function writeAll(file: OpenFile, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
  }
}

const tooShort = (path: string, at: number, got: number): NetSpaceError =>
  new NetSpaceError(
    'CORRUPT_FILE',
    `appendFlushed: expected at least ${at} bytes in ${path}, got ${got}; copy it again, or take what is whole into a new zoo: netspace zoo recover`,
  );
