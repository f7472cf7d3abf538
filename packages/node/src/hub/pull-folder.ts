import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

import { isNetSpaceError, NetSpaceError } from '@netspace/prep';

import { isMissing } from '../files/file-problem.js';
import { withFolderLock } from '../files/folder-lock.js';
import { writeAtomically } from '../files/write-atomically.js';
import { downloadFile } from './download-file.js';
import { FILE_LIST_NAME, readFileList, type ListedFile } from './file-list.js';
import { HUB_LIMITS } from './hub-limits.js';
import type { HubAccess, HubPlace } from './hub-place.js';
import { fingerprint } from './list-folder.js';
import { readAtMost, request, type RequestOptions } from './request.js';

export interface PullOptions extends HubAccess {
  readonly signal?: AbortSignal | undefined;
  /** How long a server may send nothing; HUB_LIMITS.silentMs unless given. */
  readonly silentMs?: number;
  /** Told how many bytes of all are there. */
  readonly onBytes?: (done: number, total: number) => void;
}

/** A folder that was pulled. */
export interface PulledFolder {
  readonly files: number;
  readonly bytes: number;
}

/**
 * Brings a folder from a hub or from any web server. The folder appears only when it is complete and each file has the checksum of the
 * list. Until then the files are in `FOLDER.partial`; the next call goes on from there.
 *
 * @param folder new or empty
 * @throws NetSpaceError `NOT_FOUND` if there is no such folder, or it has no list of its files; `CORRUPT_FILE` for a list that names a path
 *   outside the folder, and for bytes that differ from the list; `LIMIT_EXCEEDED` beyond one of {@link HUB_LIMITS}; `UNAVAILABLE` if the
 *   server stops answering, or is silent for HUB_LIMITS.silentMs a few times; `ABORTED` by the signal
 */
export async function pullFolder(place: HubPlace, folder: string, options: PullOptions): Promise<PulledFolder> {
  const partial = `${folder}.partial`;
  const base = await addressOf(place, options);
  const headers = place.kind === 'hub' && options.token !== undefined ? { authorization: `Bearer ${options.token}` } : {};
  const asking = { headers, signal: options.signal, silentMs: options.silentMs };
  const listed = await downloadList(beside(base, FILE_LIST_NAME), asking);
  const files = readFileList(`${FILE_LIST_NAME} of ${base.href}`, listed);
  await mkdir(partial, { recursive: true });
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  await withFolderLock(
    partial,
    async () => {
      let done = 0;
      const onBytes = (count: number): void => options.onBytes?.((done += count), bytes);
      for (const file of files) {
        const target = join(partial, 'files', file.path);
        if (await isThere(target, file)) onBytes(file.bytes);
        else {
          const part = join(partial, 'parts', file.sha256);
          await downloadFile(beside(base, file.path), file, { target, part }, { ...asking, onBytes });
        }
      }
      await removeOthers(join(partial, 'files'), files);
      await writeAtomically(join(partial, 'files', FILE_LIST_NAME), listed);
      await rmdir(folder).catch((error: unknown) => {
        if (!isMissing(error)) throw error; // with something in it
      });
      await rename(join(partial, 'files'), folder);
    },
    { busy: (owner) => `pull: expected ${partial} to be free, got another pull at work there (${owner}); wait for it`, timeoutMs: 0 },
  );
  await rm(partial, { recursive: true, force: true });
  return { files: files.length, bytes };
}

/** Where the files of a place lie: on a hub, behind `resolve`. */
async function addressOf(place: HubPlace, { endpoint }: HubAccess): Promise<URL> {
  if (place.kind === 'web') {
    const url = new URL(place.address);
    url.hash = '';
    if (!url.pathname.endsWith('/')) url.pathname += '/';
    return url;
  }
  const { HUB_URL } = await import('@huggingface/hub');
  return new URL(`${endpoint ?? HUB_URL}/${place.repository}/resolve/${encodeURIComponent(place.revision)}/`);
}

/** A file of the folder; what follows the `?`, such as a signature, holds for all of them. */
function beside(base: URL, path: string): URL {
  const url = new URL(path.split('/').map(encodeURIComponent).join('/'), base);
  url.search = base.search;
  return url;
}

async function downloadList(url: URL, options: RequestOptions): Promise<Uint8Array> {
  try {
    return await readAtMost(url, await request(url, options), HUB_LIMITS.listBytes, options);
  } catch (error) {
    if (!isNetSpaceError(error) || error.code !== 'NOT_FOUND') throw error;
    const advice = 'netspace push and netspace export write this list; check the address, or have the folder written again';
    throw new NetSpaceError('NOT_FOUND', `pull: expected ${FILE_LIST_NAME} at ${url.href}, got nothing; ${advice}`, { cause: error });
  }
}

async function isThere(path: string, { bytes, sha256 }: ListedFile): Promise<boolean> {
  const found = await fingerprint(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  return found?.bytes === bytes && found.sha256 === sha256;
}

/** Removes what an earlier list named and this one does not. */
async function removeOthers(folder: string, files: readonly ListedFile[]): Promise<void> {
  const wanted = new Set(files.map(({ path }) => path));
  await mkdir(folder, { recursive: true });
  const walk = async (below: string): Promise<void> => {
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) await walk(path);
      else if (!wanted.has(path)) await rm(join(folder, path));
    }
  };
  await walk('');
}
