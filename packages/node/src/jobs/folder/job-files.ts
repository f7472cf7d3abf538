import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { isNetSpaceError, NetSpaceError } from '@netspace/prep';

import { filesAt, readAt } from '../../files/files-at.js';
import { fileProblem, isMissing } from '../../files/file-problem.js';
import { isS3Address } from '../../files/s3/s3-place.js';

/** Files of jobs beside a zoo. Nothing is flushed to the disk: what a power cut damages is made again. */
export interface JobFiles {
  /** Undefined if there is none. */
  read(path: string, limit: number): Promise<Uint8Array | undefined>;
  /** Whole or not at all, for whoever reads meanwhile. */
  write(path: string, content: string | Uint8Array): Promise<void>;
  /** Names in a folder; none if there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  /** Removes a file, if it is there. */
  remove(path: string): Promise<void>;
  /** Removes folders with all that is in them. */
  removeAll(folders: readonly string[]): Promise<void>;
}

/** A folder of jobs in that of a zoo. */
export const jobFiles = (zoo: string, folder: string): JobFiles =>
  isS3Address(zoo) ? inStorage(`${zoo}/${folder}`) : inFolder(join(zoo, folder));

function inStorage(place: string): JobFiles {
  const files = filesAt(place);
  return {
    read: (path, limit) => readAt('jobFolder', place, path, limit),
    write: (path, content) => files.write(path, typeof content === 'string' ? new TextEncoder().encode(content) : content),
    list: (folder) => files.list!(folder),
    remove: (path) => files.remove!(path),
    async removeAll(folders) {
      for (const folder of folders) for (const name of await files.list!(folder)) await files.remove!(`${folder}/${name}`);
    },
  };
}

function inFolder(place: string): JobFiles {
  const namesIn = async (folder: string): Promise<readonly string[]> => {
    try {
      return await readdir(join(place, folder));
    } catch (error) {
      if (isMissing(error)) return [];
      throw fileProblem('jobFolder', join(place, folder), error);
    }
  };
  return {
    read: (path, limit) => readAt('jobFolder', place, path, limit),
    async write(path, content) {
      const file = join(place, path);
      const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`;
      try {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(draft, content);
        await rename(draft, file);
      } catch (error) {
        await rm(draft, { force: true }).catch(() => undefined); // the first error is the one to report
        throw notWritten(file, error);
      }
    },
    list: async (folder) => (await namesIn(folder)).filter((name) => !name.endsWith('.tmp')),
    remove: (path) => rm(join(place, path), { force: true }),
    async removeAll(folders) {
      for (const folder of folders) await rm(join(place, folder), { recursive: true, force: true });
      for (const empty of ['set-aside', '']) await rmdir(join(place, empty)).catch(() => undefined); // what is not empty stays
    },
  };
}

/** That a file cannot be written is no fault of its job, which another machine may do: also where the code says little, as ENOENT does for a new folder of a read-only one. */
function notWritten(file: string, error: unknown): unknown {
  const told = fileProblem('jobFolder', file, error);
  if (isNetSpaceError(told) || !(error instanceof Error)) return told;
  return new NetSpaceError('UNAVAILABLE', `jobFolder: expected to write ${file}, got ${error.message}; see that the folder can be written, and start again`, { cause: error }); // prettier-ignore
}
