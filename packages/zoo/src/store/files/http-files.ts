import { NetSpaceError } from '@netspace/prep';
import { chunksOf, joinBytes } from '@netspace/prep/internal';

import type { StoreFiles } from './store-files.js';
import { LOG_LIMITS } from '../log/log-limits.js';
import { MANIFEST_LIMITS } from '../store-manifest.js';

/** Refused beyond these. */
const HTTP_LIMITS = {
  /** Bytes of a file that is read as a whole: a manifest, a network of its own. */
  file: 2 ** 31 - 1,
  /** Bytes of a file that a server without ranges sends as a whole, of which a part is wanted. */
  wholeOfPart: Math.max(LOG_LIMITS.shardBytes, MANIFEST_LIMITS.bytes),
} as const;

/**
 * The files of a zoo on a server, to read: a network is one request, for its bytes alone where the server knows ranges.
 *
 * @param base address of the folder, such as `https://example.org/zoo`
 * @throws NetSpaceError from `read` and `readRange`: `NOT_FOUND` if there is no such file, `UNAVAILABLE` if the server says anything else or cannot be
 *   reached, `LIMIT_EXCEEDED` if it sends too much; from `write`: `UNSUPPORTED`
 * @example
 * ```ts
 * import { httpFiles, openInstanceStore } from '@netspace/zoo';
 *
 * const store = openInstanceStore(httpFiles('http://localhost:1'));
 * await store.list().catch((error: Error) => console.log(error.name)); // NetSpaceError
 * ```
 */
export function httpFiles(base: string): StoreFiles {
  const folder = base.endsWith('/') ? base : `${base}/`;
  return {
    async read(path) {
      return bodyOf(await request(`${folder}${path}`), HTTP_LIMITS.file);
    },
    async readRange(path, begin, end) {
      if (end <= begin) return new Uint8Array();
      const url = `${folder}${path}`;
      const response = await request(url, { Range: `bytes=${begin}-${end - 1}` });
      if (response.status === 416) return new Uint8Array(); // the file ends before
      if (response.status !== 206) return (await bodyOf(response, HTTP_LIMITS.wholeOfPart)).subarray(begin, end);
      const got = /^bytes (\d+)-/.exec(response.headers.get('Content-Range') ?? '')?.[1];
      if (Number(got) !== begin) throw unavailable(url, `bytes from ${got ?? 'an unknown place'} instead of ${begin}`);
      return bodyOf(response, end - begin);
    },
    write: (path) =>
      Promise.reject(new NetSpaceError('UNSUPPORTED', `httpFiles: expected only to read, got ${path} to write; copy the zoo to a folder`)),
  };
}

async function request(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { headers });
  } catch (cause) {
    throw new NetSpaceError('UNAVAILABLE', `httpFiles: expected an answer from ${url}, got none; check the address and the network`, {
      cause,
    });
  }
  if (response.ok || (response.status === 416 && 'Range' in headers)) return response;
  await response.body?.cancel();
  if (response.status === 404 || response.status === 410) {
    throw new NetSpaceError('NOT_FOUND', `httpFiles: expected a file at ${url}, got status ${response.status}; check the address`);
  }
  throw unavailable(url, `status ${response.status}`);
}

/** All bytes of an answer, counted as they come: what the server says of their number is not trusted. */
async function bodyOf(response: Response, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  if (response.body === null) return new Uint8Array();
  try {
    for await (const chunk of chunksOf(response.body)) {
      length += chunk.length;
      if (length > limit) {
        throw new NetSpaceError(
          'LIMIT_EXCEEDED',
          `httpFiles: expected at most ${limit} bytes from ${response.url}, got more; check the address`,
        );
      }
      parts.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof NetSpaceError) throw cause;
    throw new NetSpaceError('UNAVAILABLE', `httpFiles: expected all of ${response.url}, got ${length} bytes of it; try again`, { cause });
  }
  return joinBytes(parts);
}

const unavailable = (url: string, got: string): NetSpaceError =>
  new NetSpaceError('UNAVAILABLE', `httpFiles: expected the bytes of ${url}, got ${got}; check the server`);
