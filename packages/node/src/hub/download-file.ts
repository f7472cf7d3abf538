import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { isNetSpaceError, NetSpaceError } from '@netspace/prep';

import { fileProblem } from '../files/file-problem.js';
import type { ListedFile } from './file-list.js';
import { fingerprint } from './list-folder.js';
import { bytesOf, request, type RequestOptions } from './request.js';

export interface DownloadOptions extends RequestOptions {
  /** Told the bytes that came, and a negative number if some have to come again. */
  readonly onBytes: (count: number) => void;
}

/** How often a connection that breaks off is taken up again. */
const TRIES = 4;

/**
 * Brings one file, going on where an earlier attempt stopped. What is left of it at `target` is the whole file with the right checksum, or
 * nothing; what has come lies at `part`.
 *
 * @throws NetSpaceError `CORRUPT_FILE` if the server gives other bytes than the list says, `UNAVAILABLE` if it stops answering,
 *   `NOT_FOUND`, `ABORTED`
 */
export async function downloadFile(
  url: URL,
  file: ListedFile,
  { target, part }: { readonly target: string; readonly part: string },
  options: DownloadOptions,
): Promise<void> {
  await mkdir(dirname(part), { recursive: true });
  await mkdir(dirname(target), { recursive: true });
  for (let attempt = 1; ; attempt++) {
    try {
      const resumed = await fetchRest(url, file, part, options);
      const { sha256: found } = await fingerprint(part);
      if (found === file.sha256) break;
      await rm(part);
      options.onBytes(-file.bytes);
      // What an earlier attempt left may have been of another file: begin again, once.
      if (!resumed || attempt >= TRIES) throw damaged(url, `the checksum ${file.sha256.slice(0, 12)}…`, `${found.slice(0, 12)}…`);
    } catch (error) {
      if (attempt >= TRIES || !isNetSpaceError(error) || error.code !== 'UNAVAILABLE') throw fileProblem('pull', target, error);
      await setTimeout(200 * attempt, undefined, { signal: options.signal }).catch(() => undefined);
    }
  }
  await rename(part, target);
}

/** Appends what is missing; resolves to whether something was there before. */
async function fetchRest(url: URL, file: ListedFile, part: string, options: DownloadOptions): Promise<boolean> {
  const { headers, onBytes } = options;
  let there = await sizeOf(part);
  if (there > file.bytes) {
    await rm(part);
    there = 0;
  }
  onBytes(there);
  if (there === file.bytes && there > 0) return true;
  const response = await request(url, { ...options, headers: there > 0 ? { ...headers, range: `bytes=${there}-` } : headers });
  if (response.status === 416) {
    await response.body?.cancel();
    await rm(part);
    onBytes(-there);
    throw new NetSpaceError(
      'UNAVAILABLE',
      `pull: expected ${file.bytes} bytes at ${url.href}, got fewer; the file has changed since it was listed`,
    );
  }
  const goesOn = response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${there}-`) === true;
  if (there > 0 && !goesOn) onBytes(-there);
  const handle = await open(part, goesOn && there > 0 ? 'a' : 'w');
  let length = goesOn ? there : 0;
  try {
    for await (const chunk of bytesOf(url, response, options)) {
      length += chunk.byteLength;
      if (length > file.bytes) throw damaged(url, `${file.bytes} bytes`, 'more');
      await handle.write(chunk);
      onBytes(chunk.byteLength);
    }
    await handle.sync();
  } catch (error) {
    onBytes(-length); // the next attempt counts them again
    throw error;
  } finally {
    await handle.close();
  }
  if (length < file.bytes) {
    onBytes(-length);
    throw new NetSpaceError('UNAVAILABLE', `pull: expected ${file.bytes} bytes from ${url.href}, got ${length}; pull again to go on`);
  }
  return goesOn;
}

const sizeOf = async (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

const damaged = (url: URL, expected: string, got: string): NetSpaceError =>
  new NetSpaceError(
    'CORRUPT_FILE',
    `pull: expected ${expected} from ${url.href}, got ${got}; the file has changed since it was listed, or is damaged`,
  );
