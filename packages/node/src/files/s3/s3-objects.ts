import { randomUUID } from 'node:crypto';

import { NetSpaceError } from '@netspace/prep';
import { joinBytes } from '@netspace/prep/internal';

import type { S3Answer, S3Client } from './s3-client.js';
import type { S3Place } from './s3-place.js';

const MIB = 2 ** 20;

/** Sizes of uploads, in bytes. */
export const S3_SIZES = {
  /** Smallest part of an upload but the last, as S3 has it. */
  leastPart: 5 * MIB,
  /** A larger object is uploaded in parts of this size. */
  part: 8 * MIB,
} as const;

/** Parts that are uploaded at once. */
const PARTS_AT_ONCE = 4;

/** A version of an object. */
export interface S3Version {
  readonly etag: string;
  readonly size: number;
}

/** When an object is written: only if it is this version, only if there is none, or always. */
export type Condition = { readonly is: string } | 'absent' | undefined;

/** The objects of a place, each whole. */
export interface S3Objects {
  get(path: string): Promise<{ readonly bytes: Uint8Array; readonly etag: string }>;
  /** Bytes from `begin` up to `end`, at least one; fewer, or none, where the object ends before. */
  getRange(path: string, begin: number, end: number): Promise<Uint8Array>;
  head(path: string): Promise<S3Version | undefined>;
  /** Writes an object; undefined if the condition does not hold. */
  put(path: string, bytes: Uint8Array, condition?: Condition): Promise<string | undefined>;
  /** Makes an object of the first `at` bytes of this version of it and of others; undefined if it is another version now. */
  extend(path: string, at: number, bytes: Uint8Array, is: string): Promise<string | undefined>;
  remove(path: string): Promise<void>;
  /** Names of the objects in a folder, of which a page has at most 1000. */
  list(folder: string, page?: number): Promise<readonly string[]>;
}

const WRITE_ID = 'x-amz-meta-netspace-write';
/** The condition does not hold: another version, none at all, or one that is written just now. */
const REFUSED = [412, 404, 409];

export function s3Objects(place: S3Place, ask: S3Client): S3Objects {
  const head = async (path: string): Promise<(S3Version & { readonly id: string | null }) | undefined> => {
    const { status, headers } = await ask({ method: 'HEAD', path, expected: [404] });
    return status === 404 ? undefined : { etag: etagOf(headers), size: Number(headers.get('content-length')), id: headers.get(WRITE_ID) };
  };
  /** The version that a write has made. A write that was refused after a try without an answer may have been done by that try. */
  const written = async (path: string, id: string, answer: S3Answer): Promise<string | undefined> => {
    if (!REFUSED.includes(answer.status)) return etagOf(answer.headers);
    const now = answer.again ? await head(path) : undefined;
    return now?.id === id ? now.etag : undefined;
  };
  /** An upload in parts, which is there as a whole when it is completed. */
  const upload = async (path: string, parts: readonly Part[], condition: Condition): Promise<string | undefined> => {
    const id = randomUUID();
    const { bytes } = await ask({ method: 'POST', path, query: { uploads: '' }, headers: { [WRITE_ID]: id } });
    const uploadId = unescaped(tagOf(text(bytes), 'UploadId') ?? '');
    try {
      const etags: string[] = [];
      const send = async ({ number, body, copy }: Part): Promise<void> => {
        const query = { partNumber: String(number), uploadId };
        const answer = await ask({ method: 'PUT', path, query, ...(body && { body }), ...(copy && { headers: copy }) });
        etags[number - 1] = copy === undefined ? etagOf(answer.headers) : unescaped(tagOf(text(answer.bytes), 'ETag') ?? '');
      };
      for (let at = 0; at < parts.length; at += PARTS_AT_ONCE) await Promise.all(parts.slice(at, at + PARTS_AT_ONCE).map(send));
      const list = etags.map((etag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${etag}</ETag></Part>`).join('');
      const body = new TextEncoder().encode(`<CompleteMultipartUpload>${list}</CompleteMultipartUpload>`);
      const answer = await ask({ method: 'POST', path, query: { uploadId }, headers: headersOf(condition), body, expected: REFUSED });
      const said = text(answer.bytes);
      if (answer.status === 200 && said.includes('<Error>')) throw failed(path, tagOf(said, 'Code')); // S3 answers before it is done
      return await written(
        path,
        id,
        REFUSED.includes(answer.status) ? answer : { ...answer, headers: new Headers({ etag: unescaped(tagOf(said, 'ETag') ?? '') }) },
      );
    } catch (error) {
      await ask({ method: 'DELETE', path, query: { uploadId }, expected: [404] }).catch(() => undefined); // the first error is the one to report
      throw error;
    }
  };
  return {
    async get(path) {
      const { bytes, headers } = await ask({ method: 'GET', path });
      return { bytes, etag: etagOf(headers) };
    },
    async getRange(path, begin, end) {
      const { status, bytes } = await ask({ method: 'GET', path, headers: { range: `bytes=${begin}-${end - 1}` }, expected: [416] });
      if (status === 416) return new Uint8Array(); // it ends before
      return status === 206 ? bytes : bytes.subarray(begin, end);
    },
    head,
    async put(path, bytes, condition) {
      if (bytes.length > 2 * S3_SIZES.part) return upload(path, partsOf(bytes, 1), condition);
      const id = randomUUID();
      const answer = await ask({
        method: 'PUT',
        path,
        body: bytes,
        headers: { ...headersOf(condition), [WRITE_ID]: id },
        expected: condition === undefined ? [] : REFUSED,
      });
      return written(path, id, answer);
    },
    async extend(path, at, bytes, is) {
      if (at < S3_SIZES.leastPart) return this.put(path, joinBytes([await this.getRange(path, 0, at), bytes]), { is });
      const from = `/${place.bucket}/${place.prefix}${path}`;
      const copy = { 'x-amz-copy-source': from, 'x-amz-copy-source-range': `bytes=0-${at - 1}`, 'x-amz-copy-source-if-match': is };
      return upload(path, [{ number: 1, copy }, ...partsOf(bytes, 2)], { is });
    },
    async remove(path) {
      await ask({ method: 'DELETE', path, expected: [404] });
    },
    async list(folder, page = 1000) {
      const prefix = `${place.prefix}${folder === '' ? '' : `${folder}/`}`;
      const names: string[] = [];
      for (let token: string | undefined = ''; token !== undefined;) {
        const query = {
          'list-type': '2',
          'encoding-type': 'url',
          prefix,
          delimiter: '/',
          'max-keys': String(page),
          ...(token !== '' && { 'continuation-token': token }),
        };
        const answer = text((await ask({ method: 'GET', query })).bytes);
        for (const [, key] of answer.matchAll(/<Key>([^<]*)<\/Key>/g))
          names.push(decodeURIComponent(unescaped(key!).replaceAll('+', ' ')).slice(prefix.length));
        token = tagOf(answer, 'IsTruncated') === 'true' ? unescaped(tagOf(answer, 'NextContinuationToken') ?? '') : undefined;
      }
      return names.filter((name) => name !== '');
    },
  };
}

interface Part {
  readonly number: number;
  readonly body?: Uint8Array;
  /** Headers that name what is copied, in place of a body. */
  readonly copy?: Readonly<Record<string, string>>;
}

const partsOf = (bytes: Uint8Array, first: number): readonly Part[] =>
  Array.from({ length: Math.ceil(bytes.length / S3_SIZES.part) }, (_, i) => ({
    number: first + i,
    body: bytes.subarray(i * S3_SIZES.part, (i + 1) * S3_SIZES.part),
  }));

const headersOf = (condition: Condition): Record<string, string> =>
  condition === undefined ? {} : condition === 'absent' ? { 'if-none-match': '*' } : { 'if-match': condition.is };

const etagOf = (headers: Headers): string => headers.get('etag') ?? '';
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const tagOf = (xml: string, tag: string): string | undefined => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1];

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&#34;': '"',
  '&#39;': "'",
  '&amp;': '&',
};
const unescaped = (xml: string): string => xml.replace(/&(?:#?\w+);/g, (entity) => ENTITIES[entity] ?? entity);

const failed = (path: string, code: string | undefined): NetSpaceError =>
  new NetSpaceError('UNAVAILABLE', `s3Files: expected ${path} to be uploaded, got ${code ?? 'an error'}; try again`);
