import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

import { NetSpaceError } from '@netspace/prep';
import { collectBytes } from '@netspace/prep/internal';
import { AwsClient } from 'aws4fetch';
import pLimit from 'p-limit';

import { FILE_LIMITS } from '../read-regular-file.js';
import type { S3Place } from './s3-place.js';

export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** Of an object, relative to the place; the bucket itself if left out. */
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Statuses that are answers, besides those of success. */
  readonly expected?: readonly number[];
}

export interface S3Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  /** Whether it was asked more than once: an earlier try may have succeeded without an answer. */
  readonly again: boolean;
}

/** Asks the store, again and again while it is away or busy. */
export type S3Client = (request: S3Request) => Promise<S3Answer>;

/** What a server says when it will take the same request later. */
const PASSING: readonly number[] = [408, 409, 429, 500, 502, 503, 504];
/** The longest pause between two tries, and the first, in milliseconds. */
const PAUSES = { first: 100, longest: 10_000 } as const;
/** Requests at once: a build may ask for thousands of results. */
const AT_ONCE = 32;
/** A try may take so long, and so much longer for each mebibyte, in milliseconds. */
const TRY = { ms: 30_000, perMiB: 4000 } as const;

/**
 * A client of a place in object storage. Bodies are signed with their SHA-256, which the server compares.
 *
 * @param patienceMs how long a store that is away is waited for
 * @throws NetSpaceError from each request: `NOT_FOUND` if there is no such object, `UNAVAILABLE` if the store does not answer in time or
 *   refuses, `LIMIT_EXCEEDED` if it sends too much. No message has a key of the environment.
 */
export function s3Client(place: S3Place, patienceMs: number): S3Client {
  const signer = new AwsClient({ ...place.keys, service: 's3', region: place.region, retries: 0 });
  const inTurn = pLimit(AT_ONCE);
  const ask: S3Client = async (request) => {
    const { method, path, query = {}, headers = {}, body, expected = [] } = request;
    const url = new URL(path === undefined ? place.base : `${place.base}${encoded(place.prefix + path)}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const shown = `${method} ${path === undefined ? place.address : `${place.address}/${path}`}`;
    const hash = createHash('sha256')
      .update(body ?? '')
      .digest('hex');
    const ms = TRY.ms + TRY.perMiB * ((body?.length ?? 0) / 2 ** 20);
    const deadline = performance.now() + patienceMs;
    for (let tries = 1; ; tries++) {
      const answer = await outcomeOf(async () => {
        const signed = await signer.sign(url, {
          method,
          headers: { ...headers, 'x-amz-content-sha256': hash },
          ...(body && { body: body as Uint8Array<ArrayBuffer> }),
        });
        return fetch(signed, { signal: AbortSignal.timeout(Math.ceil(ms)), redirect: 'manual' });
      }, shown);
      if ('status' in answer && (isSuccess(answer.status) || expected.includes(answer.status))) return { ...answer, again: tries > 1 };
      const said = 'status' in answer ? `status ${answer.status}${codeOf(answer.bytes)}` : answer.problem;
      const passes = !('status' in answer) || PASSING.includes(answer.status) || said.endsWith('RequestTimeout');
      const pause = Math.random() * Math.min(PAUSES.longest, PAUSES.first * 2 ** tries); // full jitter: many workers do not come back at once
      if (!passes || performance.now() + pause > deadline) throw problemOf(answer, shown, said, tries);
      await setTimeout(pause);
    }
  };
  return (request) => inTurn(() => ask(request));
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

type Outcome = Omit<S3Answer, 'again'> | { readonly problem: string };

async function outcomeOf(send: () => Promise<Response>, shown: string): Promise<Outcome> {
  try {
    const response = await send();
    return { status: response.status, headers: response.headers, bytes: await bodyOf(response, shown) };
  } catch (error) {
    if (error instanceof NetSpaceError) throw error;
    const { code } = (error instanceof Error ? (error.cause ?? error) : {}) as { readonly code?: unknown };
    return {
      problem:
        typeof code === 'string' ? code : error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : 'no answer',
    };
  }
}

async function bodyOf({ body }: Response, shown: string): Promise<Uint8Array> {
  if (body === null) return new Uint8Array();
  const limit = FILE_LIMITS.weights;
  return collectBytes(
    body,
    limit,
    () => new NetSpaceError('LIMIT_EXCEEDED', `s3Files: ${shown}: expected at most ${limit} bytes, got more`),
  );
}

/** What an answer calls its error: nothing else of it is repeated, as it may name keys. */
function codeOf(bytes: Uint8Array): string {
  const code = /<Code>(\w{1,64})<\/Code>/.exec(new TextDecoder().decode(bytes.subarray(0, 4096)))?.[1];
  return code === undefined ? '' : ` ${code}`;
}

function problemOf(answer: Outcome, shown: string, said: string, tries: number): NetSpaceError {
  if ('status' in answer && answer.status === 404 && !said.endsWith('NoSuchBucket'))
    return new NetSpaceError('NOT_FOUND', `s3Files: ${shown}: expected an object, got none`);
  const remedy = said.endsWith('RequestTimeTooSkewed')
    ? 'set the clock of this machine'
    : 'check bucket, AWS_ENDPOINT_URL, AWS_REGION, and what the keys in the environment allow';
  return new NetSpaceError(
    'UNAVAILABLE',
    `s3Files: ${shown}: expected success, got ${said}${tries > 1 ? ` after ${tries} tries` : ''}; ${remedy}`,
  );
}

const encoded = (key: string): string =>
  key.replace(/[^\w.~/-]/g, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
