import { readdir, readFile, stat } from 'node:fs/promises';

import { NetSpaceError } from '@netspace/prep';

interface ReadRequest {
  /** The public function on whose behalf, for messages. */
  readonly caller: string;
  /** What the user should have at the path. */
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

/** Reads a whole file whose size is checked first. */
export async function readBytes(path: string, { limit, ...request }: ReadRequest & { readonly limit: number }): Promise<Uint8Array> {
  let size: number;
  try {
    ({ size } = await stat(path));
  } catch (cause) {
    throw notFound(path, request, cause);
  }
  if (size > limit) {
    throw new NetSpaceError(
      'LIMIT_EXCEEDED',
      `${request.caller}: expected at most ${limit} bytes in ${path}, got ${size}; expected there: ${request.expected}`,
    );
  }
  try {
    return await readFile(path);
  } catch (cause) {
    throw notFound(path, request, cause);
  }
}

/** Like `readBytes`, decoded as UTF-8. */
export const readText = async (path: string, request: ReadRequest & { readonly limit: number }): Promise<string> =>
  new TextDecoder().decode(await readBytes(path, request));

const notFound = (path: string, { caller, expected }: ReadRequest, cause: unknown): NetSpaceError =>
  new NetSpaceError('NOT_FOUND', `${caller}: expected ${expected} at ${path}, got nothing readable there; check the path`, { cause });
