import { createHash } from 'node:crypto';

import { joinBytes } from '@netspace/prep/internal';
import { type Draft, isDraftRecord } from '@netspace/zoo/internal';

import type { NamedBytes } from '../job.js';

/** What a job has given: networks, or other bytes with names, and the error that ended it if its training diverged. */
export interface JobResult<Given extends NamedBytes = Draft> {
  readonly drafts: readonly Given[];
  readonly failure?: { readonly code: string; readonly message: string } | undefined;
}

interface Head<Given extends NamedBytes = NamedBytes> {
  readonly key: string;
  readonly records: readonly Given['record'][];
  readonly sizes: readonly number[];
  readonly failure?: JobResult['failure'];
}

const LINE_END = 10;

/** A line of JSON, then the bytes, such as networks as safetensors, one behind the other. */
export function jobResultBytes(key: string, { drafts, failure }: JobResult<NamedBytes>): Uint8Array {
  const head: Head = { key, records: drafts.map(({ record }) => record), sizes: drafts.map(({ bytes }) => bytes.length), failure };
  return joinBytes([new TextEncoder().encode(`${JSON.stringify(head)}\n`), ...drafts.map(({ bytes }) => bytes)]);
}

/**
 * The result in a file; undefined if the file is not a whole result of this key, such as after a power cut. Others write into a shared folder:
 * nothing in it is taken unchecked.
 *
 * @param isRecord what a record of such a result is; that of a network unless given
 */
export function readJobResult(key: string, bytes: Uint8Array): JobResult | undefined;
export function readJobResult(key: string, bytes: Uint8Array, isRecord: IsRecord): JobResult<NamedBytes> | undefined;
export function readJobResult(key: string, bytes: Uint8Array, isRecord: IsRecord = isDraftRecord): JobResult<NamedBytes> | undefined {
  const end = bytes.indexOf(LINE_END);
  const head = end < 0 ? undefined : headOf(bytes.subarray(0, end), isRecord);
  if (head?.key !== key) return undefined;
  let at = end + 1;
  const drafts = head.records.map((record, i): NamedBytes => {
    const part = bytes.subarray(at, (at += head.sizes[i]!));
    return { record, bytes: part };
  });
  const whole = at === bytes.length && drafts.every(({ record, bytes: part }) => record.sha256 === sha256(part));
  return whole ? { drafts, failure: head.failure } : undefined;
}

type IsRecord = (record: unknown) => record is NamedBytes['record'];

function headOf(line: Uint8Array, isRecord: IsRecord): Head | undefined {
  try {
    const head: unknown = JSON.parse(new TextDecoder().decode(line));
    return isHead(head, isRecord) ? head : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

function isHead(head: unknown, isRecord: IsRecord): head is Head {
  if (!isObject(head) || !Array.isArray(head['records']) || !Array.isArray(head['sizes'])) return false;
  const { records, sizes, failure } = head as Readonly<Record<'records' | 'sizes', readonly unknown[]>> & { readonly failure?: unknown };
  const isSize = (size: unknown): boolean => Number.isSafeInteger(size) && (size as number) > 0;
  const isFailure = isObject(failure) && typeof failure['code'] === 'string' && typeof failure['message'] === 'string';
  return records.length === sizes.length && records.every(isRecord) && sizes.every(isSize) && (failure === undefined || isFailure);
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
