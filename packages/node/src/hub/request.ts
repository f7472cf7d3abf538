import { NetSpaceError } from '@netspace/prep';
import { chunksOf } from '@netspace/prep/internal';

export interface RequestOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}

/**
 * Asks for a file over http; an answer that there is no such range is an answer too. A token in the headers goes to the first server only: `fetch` drops it when it is sent on to another.
 *
 * @throws NetSpaceError `NOT_FOUND` for a file that is not there, `UNAVAILABLE` for a server that does not answer or answers with another
 *   error, `ABORTED` by the signal
 */
export async function request(url: URL, { headers, signal }: RequestOptions): Promise<Response> {
  const response = await fetch(url, { headers, ...(signal !== undefined && { signal }) }).catch((cause: unknown) => {
    if (signal?.aborted) throw new NetSpaceError('ABORTED', 'pull: stopped by a signal; pull again to go on', { cause });
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

/** Reads an answer to its end, but no more than the limit, whatever length the server states. */
export async function readAtMost(url: URL, response: Response, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of chunksOf(response.body!)) {
      length += chunk.byteLength;
      if (length > limit) break;
      parts.push(chunk);
    }
  } catch (cause) {
    throw new NetSpaceError('UNAVAILABLE', `pull: expected all of ${url.href}, got a part; try again`, { cause });
  }
  if (length > limit) throw new NetSpaceError('LIMIT_EXCEEDED', `pull: expected at most ${limit} bytes from ${url.href}, got more`);
  return Buffer.concat(parts);
}
