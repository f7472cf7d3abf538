import { NetSpaceError } from '@netspace/prep';
import { chunksOf, joinBytes } from '@netspace/prep/internal';

import type { ReadOptions } from './folder-files.js';

/** What has arrived of a download that broke off. */
interface Arrived {
  readonly parts: Uint8Array[];
  length: number;
  /** Which version of the file the parts are of; another answer starts anew. */
  version: string | undefined;
}

/** Kept for the next attempt, also that of another call: a retry goes on where the last one ended. */
const arrived = new Map<string, Arrived>();

/** Milliseconds before each further attempt. */
const PAUSES = [200, 800, 2000];

/**
 * Downloads a file. What breaks off is tried again, by range from where it ended; what has arrived is kept for a later call.
 *
 * @throws NetSpaceError as `FolderFiles.read`
 */
export async function download(url: URL, options: ReadOptions): Promise<Uint8Array<ArrayBuffer>> {
  for (const pause of options.persistent === false ? [undefined] : [...PAUSES, undefined]) {
    try {
      const bytes = await attempt(url, options);
      arrived.delete(url.href);
      return bytes;
    } catch (error) {
      if (error instanceof NetSpaceError) {
        arrived.delete(url.href);
        throw error;
      }
      if (options.signal?.aborted) throw new NetSpaceError('ABORTED', `open: stopped while reading ${url.href}`, { cause: error });
      if (pause === undefined) throw brokenOff(url, error);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  throw brokenOff(url, undefined);
}

async function attempt(url: URL, { limit, signal, onProgress }: ReadOptions): Promise<Uint8Array<ArrayBuffer>> {
  const before = arrived.get(url.href);
  const headers: Record<string, string> = before !== undefined && before.length > 0 ? { range: `bytes=${before.length}-` } : {};
  const response = await fetch(url, { headers, ...(signal && { signal }) });
  if (!response.ok) {
    await response.body?.cancel();
    if (response.status === 416) arrived.delete(url.href); // the file is another one by now
    if (response.status === 416 || response.status >= 500) throw new Error(`status ${response.status}`);
    throw refused(url, response.status);
  }
  const goesOn = response.status === 206 && before !== undefined && versionOf(response) === before.version;
  const state = goesOn ? before : { parts: [], length: 0, version: versionOf(response) };
  if (response.status === 206 && !goesOn) {
    arrived.delete(url.href);
    throw new Error('the file changed');
  }
  arrived.set(url.href, state);
  const total = totalOf(response, state.length);
  if (total > limit) throw tooLong(url, limit, total);
  for await (const chunk of chunksOf(response.body!)) {
    state.parts.push(chunk);
    state.length += chunk.byteLength;
    if (state.length > limit) throw tooLong(url, limit, state.length);
    onProgress?.(state.length, Math.max(total, state.length));
  }
  if (total > 0 && state.length < total && response.headers.get('content-encoding') === null)
    throw new Error(`${state.length} of ${total} bytes`);
  return joinBytes(state.parts);
}

const versionOf = ({ headers }: Response): string | undefined => headers.get('etag') ?? headers.get('last-modified') ?? undefined;

/** Bytes of the whole file as the server states them; 0 if it does not, or if it states those of a compressed form. */
function totalOf({ headers }: Response, from: number): number {
  if (headers.get('content-encoding') !== null) return 0;
  const stated = Number(headers.get('content-length') ?? 0);
  return stated > 0 ? from + stated : 0;
}

const refused = (url: URL, status: number): NetSpaceError =>
  new NetSpaceError(
    status === 404 || status === 410 ? 'NOT_FOUND' : 'UNAVAILABLE',
    `open: expected a file at ${url.href}, got status ${status}; check the address, or export the space again (netspace export)`,
  );

const tooLong = (url: URL, limit: number, got: number): NetSpaceError =>
  new NetSpaceError(
    'LIMIT_EXCEEDED',
    `open: expected at most ${limit} bytes from ${url.href}, got ${got} or more; the page opens no larger one`,
  );

const brokenOff = (url: URL, cause: unknown): NetSpaceError =>
  new NetSpaceError(
    'UNAVAILABLE',
    `open: expected all of ${url.href}, got ${arrived.get(url.href)?.length ?? 0} bytes before the connection broke; try again, it goes on from there`,
    { cause },
  );
