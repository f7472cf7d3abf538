import { readdir, stat } from 'node:fs/promises';

import { isNetSpaceError, NetSpaceError } from '@netspace/prep';

import { readRegularFile } from '../files/read-regular-file.js';

interface ReadRequest {
  /** The public function that reads, for messages. */
  readonly caller: string;
  /** What is expected at the path. */
  readonly expected: string;
}

/** Whether the path is a folder or a file; `NOT_FOUND` names the path and what is expected there. */
export async function kindOfPath(path: string, { caller, expected }: ReadRequest): Promise<'folder' | 'file'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (cause) {
    throw notFound(path, { caller, expected }, cause);
  }
}

/** Names in a folder, sorted, so that data sets have one order on every machine. */
export async function folderNames(path: string, request: ReadRequest): Promise<string[]> {
  try {
    return (await readdir(path)).sort();
  } catch (cause) {
    throw notFound(path, request, cause);
  }
}

/** Reads a whole regular file of at most `limit` bytes. */
export async function readBytes(path: string, { limit, ...request }: ReadRequest & { readonly limit: number }): Promise<Uint8Array> {
  try {
    return await readRegularFile(request.caller, path, limit);
  } catch (cause) {
    if (!isNetSpaceError(cause)) throw notFound(path, request, cause);
    throw new NetSpaceError(cause.code, `${cause.message}; expected there: ${request.expected}`, { cause });
  }
}

/** Like `readBytes`, decoded as UTF-8. */
export const readText = async (path: string, request: ReadRequest & { readonly limit: number }): Promise<string> =>
  new TextDecoder().decode(await readBytes(path, request));

const notFound = (path: string, { caller, expected }: ReadRequest, cause: unknown): NetSpaceError =>
  new NetSpaceError('NOT_FOUND', `${caller}: expected ${expected} at ${path}, got nothing readable there; check the path`, { cause });
