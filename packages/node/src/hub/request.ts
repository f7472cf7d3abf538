import { isNetSpaceError, NetSpaceError } from '@netspace/prep';

import { HUB_LIMITS } from './hub-limits.js';

export interface RequestOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
  /** How long a server may send nothing; HUB_LIMITS.silentMs unless given. */
  readonly silentMs?: number | undefined;
}

/**
 * Asks for a file over http; an answer that there is no such range is an answer too. A token in the headers goes to the first server only: `fetch` drops it when it is sent on to another.
 *
 * @throws NetSpaceError `NOT_FOUND` for a file that is not there, `UNAVAILABLE` for a server that does not answer, or not in time, or answers with
 *   another error, `ABORTED` by the signal
 */
export async function request(url: URL, { headers, signal, silentMs = HUB_LIMITS.silentMs }: RequestOptions): Promise<Response> {
  const silence = new AbortController(); // ends the request alone: the answer has its own clock
  const asked = fetch(url, { headers, signal: signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]) });
  const response = await inTime(asked, url, silentMs).catch((cause: unknown) => {
    silence.abort();
    if (signal?.aborted) throw stopped(cause);
    if (isNetSpaceError(cause)) throw cause;
    throw new NetSpaceError('UNAVAILABLE', `pull: expected an answer from ${url.href}, got none; check the address and the network`, {
      cause,
    });
  });
  if (response.ok || (response.status === 416 && headers['range'] !== undefined)) return response;
  await response.body?.cancel();
  const { status } = response;
  if (status === 404 || status === 410) {
    throw new NetSpaceError('NOT_FOUND', `pull: expected a file at ${url.href}, got status ${status}; check the address`);
  }
  const advice = status === 401 || status === 403 ? 'set HF_TOKEN to a token that may read it' : 'try again later';
  throw new NetSpaceError('UNAVAILABLE', `pull: expected a file at ${url.href}, got status ${status}; ${advice}`);
}

/**
 * The bytes of an answer as they come.
 *
 * @throws NetSpaceError `UNAVAILABLE` if the server breaks off or falls silent, `ABORTED` by the signal
 */
export async function* bytesOf(
  url: URL,
  response: Response,
  { signal, silentMs = HUB_LIMITS.silentMs }: Pick<RequestOptions, 'signal' | 'silentMs'>,
): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const { done, value } = await inTime(reader.read(), url, silentMs);
      if (done) return;
      yield value;
    }
  } catch (cause) {
    if (signal?.aborted) throw stopped(cause);
    if (isNetSpaceError(cause)) throw cause;
    throw new NetSpaceError('UNAVAILABLE', `pull: expected all of ${url.href}, got a part; pull again to go on`, { cause });
  } finally {
    reader.cancel().catch(() => undefined); // of an answer that has ended, or that nobody reads on
  }
}

/** Reads an answer to its end, but no more than the limit, whatever length the server states. */
export async function readAtMost(url: URL, response: Response, limit: number, options: RequestOptions): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytesOf(url, response, options)) {
    length += chunk.byteLength;
    if (length > limit) throw new NetSpaceError('LIMIT_EXCEEDED', `pull: expected at most ${limit} bytes from ${url.href}, got more`);
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

/** What comes, if it comes in time. */
async function inTime<T>(coming: Promise<T>, url: URL, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(silent(url, ms)), ms);
  });
  try {
    return await Promise.race([coming, silence]);
  } finally {
    clearTimeout(timer);
  }
}

const silent = (url: URL, ms: number): NetSpaceError =>
  new NetSpaceError('UNAVAILABLE', `pull: expected bytes from ${url.href}, got none in ${ms / 1000} s; check the network, and pull again to go on`); // prettier-ignore

const stopped = (cause: unknown): NetSpaceError =>
  new NetSpaceError('ABORTED', 'pull: stopped by a signal; pull again to go on', { cause });
