import { isNetSpaceError } from '@netspace/prep';
import { show } from '@netspace/prep/internal';

import { isObject, type KeptRecord, kindOf, wrongKeptField } from '../instance-record.js';
import { sha256 } from '../files/sha256.js';
import { readPart, type StoreFiles } from '../files/store-files.js';
import { corruptLog, isSegmentEnd, type LogHead, type SegmentEnd } from './head.js';
import { LOG_LIMITS } from './log-limits.js';

/** A segment of the index, which has been compared with what follows it. */
export interface Segment {
  readonly number: number;
  /** A line that says where the segment before ends, then a line for each network. */
  readonly bytes: Uint8Array;
  readonly end: SegmentEnd;
  /** The end of the segment before; undefined for the first. */
  readonly before: SegmentEnd | undefined;
  /** Bytes of its first line. */
  readonly start: number;
}

export const segmentFile = (number: number): string => `index/${String(number).padStart(6, '0')}.jsonl`;
export const shardFile = (number: number): string => `shards/${String(number).padStart(6, '0')}.bin`;

/** The first line of a segment. */
export const firstLine = (before: SegmentEnd | undefined): Uint8Array => lineOf(before === undefined ? { before: null } : { before });

export const lineOf = (value: object): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value)}\n`);

/** Segments that are read ahead while one is looked at. */
const AHEAD = 8;

/**
 * The segments of an index from a number on, in order, each whole: its length and hash are what the next segment, or the head, says.
 *
 * @throws NetSpaceError `CORRUPT_FILE` if one is not, or is gone
 */
export async function* segmentsFrom(files: StoreFiles, first: number, { segments, end }: LogHead): AsyncGenerator<Segment> {
  const most = LOG_LIMITS.segmentBytes + LOG_LIMITS.lineBytes;
  const read = (number: number): Promise<Uint8Array> => {
    const bytes = readPart(files, segmentFile(number), 0, most).catch((error: unknown) => {
      if (!isNetSpaceError(error) || error.code !== 'NOT_FOUND') throw error;
      throw corruptLog(segmentFile(number), 'expected a part of the index, got nothing', { cause: error });
    });
    bytes.catch(() => undefined); // reported when its turn comes
    return bytes;
  };
  const waiting: Promise<Uint8Array>[] = [];
  const next = async (number: number) => {
    while (waiting.length < AHEAD && number + waiting.length < segments) waiting.push(read(number + waiting.length));
    const bytes = await waiting.shift()!;
    return { bytes, ...startOf(bytes, number) };
  };
  let at = await next(first);
  for (let number = first; number < segments; number++) {
    const following = number + 1 < segments ? await next(number + 1) : undefined;
    yield await checked({ number, ...at, end: following?.before ?? end });
    if (following !== undefined) at = following;
  }
}

async function checked(segment: Segment): Promise<Segment> {
  const { number, end, before } = segment;
  const file = segmentFile(number);
  const bytes = segment.bytes.subarray(0, end.bytes); // what follows was never finished
  if (bytes.length < end.bytes) throw corruptLog(file, `expected ${end.bytes} bytes, got ${bytes.length}`);
  const hash = await sha256(bytes);
  if (hash !== end.sha256) throw corruptLog(file, `expected SHA-256 ${end.sha256}, got ${hash}`);
  if (end.instances <= (before?.instances ?? 0))
    throw corruptLog(file, `expected more than ${before?.instances} networks, got ${end.instances}`);
  return { ...segment, bytes };
}

function startOf(bytes: Uint8Array, number: number): { readonly start: number; readonly before: SegmentEnd | undefined } {
  const start = bytes.indexOf(LINE_END) + 1;
  const line = parsedLine(textOf(bytes.subarray(0, start), segmentFile(number)), segmentFile(number), 1);
  const before = isObject(line) ? line['before'] : undefined;
  if (number === 0 && before === null) return { start, before: undefined };
  if (number > 0 && isSegmentEnd(before)) return { start, before };
  throw corruptLog(segmentFile(number), `expected a first line about the segment before, got ${show(before)}`);
}

const LINE_END = 10;

/** The records of whole lines. */
export function recordsOf(bytes: Uint8Array, file: string, firstLineNumber: number): readonly KeptRecord[] {
  const lines = textOf(bytes, file).split('\n');
  if (lines.pop() !== '') throw corruptLog(file, 'expected an end of the last line, got none');
  return lines.map((line, i) => checkedRecord(parsedLine(line, file, firstLineNumber + i), file));
}

export function checkedRecord(record: unknown, file: string): KeptRecord {
  if (!isObject(record)) throw corruptLog(file, `expected a record as an object, got ${kindOf(record)}`);
  const wrong = wrongKeptField(record);
  if (wrong !== undefined) throw corruptLog(file, `expected ${wrong.key} as ${wrong.expected}, got ${show(record[wrong.key])}`);
  return record as unknown as KeptRecord;
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function textOf(bytes: Uint8Array, file: string): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw corruptLog(file, 'expected text, got bytes that are none', { cause });
  }
}

/** Of what it gives, only known fields are looked at, none of which holds more than numbers by name: how deep others are does not matter. */
export function parsedLine(line: string, file: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw corruptLog(file, `expected JSON, got something else in line ${number}`, { cause });
  }
}
