import { NetSpaceError } from '@netspace/prep';
import { collectBytes } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { MODEL_JSON_LIMITS, parseModelJson } from './model-json.js';

export interface HttpSourceOptions {
  /** The most bytes that all weights together may have. A longer answer is cut off. */
  readonly weightBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** Whether {@link httpSource} reads an address: `http://…`, `https://…`, or, in a page, a relative address. */
export const isHttpSource = (source: string): boolean =>
  /^https?:\/\//i.test(source) || (pageAddress() !== undefined && !/^[a-z][a-z0-9+.-]*:/i.test(source));

/**
 * Reads a saved space over http, from the address of its folder or of its JSON file. In a page the address may be relative.
 *
 * @throws NetSpaceError `NOT_FOUND` for a file that is not there, `UNAVAILABLE` for a server that does not answer or answers with
 *   another error, `CORRUPT_FILE` for a page instead of a space, `LIMIT_EXCEEDED` for more bytes than allowed, `ABORTED` by the signal
 */
export function httpSource(source: string, { weightBytes, signal }: HttpSourceOptions): tf.io.IOHandler {
  return {
    async load() {
      const file = jsonAddress(source);
      const json = parseModelJson('NetSpace.load', file.href, await download(file, MODEL_JSON_LIMITS.bytes, signal));
      return tf.io.getModelArtifactsForJSON(json, async (manifest) => {
        const buffers: ArrayBuffer[] = [];
        let left = weightBytes;
        for (const path of manifest.flatMap(({ paths }) => paths)) {
          const bytes = await download(beside(file, path), left, signal);
          left -= bytes.byteLength;
          buffers.push(bytes.buffer);
        }
        return [tf.io.getWeightSpecs(manifest), buffers];
      });
    },
  };
}

/** A folder's address, with or without the last slash, means the `space.json` in it. */
function jsonAddress(source: string): URL {
  if (!URL.canParse(source, pageAddress())) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `NetSpace.load: expected the address of a saved space, got ${source}; write it as https://host/folder`,
    );
  }
  const url = new URL(source, pageAddress());
  if (/\.json$/i.test(url.pathname)) return url;
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  url.pathname += 'space.json';
  return url;
}

/** A file of the same folder. The part after the `?`, such as a signature, is the same for all files. */
function beside(file: URL, path: string): URL {
  const url = new URL(path, file);
  url.search = file.search;
  return url;
}

const pageAddress = (): string | undefined => (globalThis as { readonly location?: { readonly href: string } }).location?.href;

async function download(url: URL, limit: number, signal: AbortSignal | undefined): Promise<Uint8Array<ArrayBuffer>> {
  const response = await request(url, signal);
  if (!response.ok) {
    await response.body?.cancel();
    const code = response.status === 404 || response.status === 410 ? 'NOT_FOUND' : 'UNAVAILABLE';
    throw new NetSpaceError(code, `NetSpace.load: expected a saved space at ${url.href}, got status ${response.status}; check the address`);
  }
  const stated = Number(response.headers.get('content-length') ?? 0);
  if (stated > limit) {
    await response.body?.cancel();
    throw tooLong(url, limit, stated);
  }
  return collect(url, response, limit, signal);
}

async function request(url: URL, signal: AbortSignal | undefined): Promise<Response> {
  try {
    return await fetch(url, signal === undefined ? {} : { signal });
  } catch (error) {
    throw interrupted(url, signal, error);
  }
}

/** Reads no further than the limit, whatever length the server states. */
async function collect(url: URL, response: Response, limit: number, signal: AbortSignal | undefined): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await collectBytes(response.body!, limit, (length) => tooLong(url, limit, length));
  } catch (error) {
    if (error instanceof NetSpaceError) throw error;
    throw interrupted(url, signal, error);
  }
}

const tooLong = (url: URL, limit: number, got: number): NetSpaceError =>
  new NetSpaceError(
    'LIMIT_EXCEEDED',
    `NetSpace.load: expected at most ${limit} bytes from ${url.href}, got ${got} or more; raise the option limits if you trust the server`,
  );

const interrupted = (url: URL, signal: AbortSignal | undefined, cause: unknown): NetSpaceError =>
  signal?.aborted
    ? new NetSpaceError('ABORTED', `NetSpace.load: stopped by its signal while reading ${url.href}`, { cause })
    : new NetSpaceError('UNAVAILABLE', `NetSpace.load: expected an answer from ${url.href}, got none or only a part of one; try again`, {
        cause,
      });
