import { isNetSpaceError } from '@netspace/prep';

import { isObject, type KeptRecord } from '../instance-record.js';
import { sha256 } from '../files/sha256.js';
import { bytesAt, type StoreFiles } from '../files/store-files.js';
import { isSegmentEnd, type SegmentEnd } from './head.js';
import { LOG_LIMITS } from './log-limits.js';
import { checkedRecord, parsedLine } from './segment.js';

/** A segment of an index as far as it can be read, whatever the others are. */
export interface ReadableSegment {
  /** Up to its end, if it is whole up to there; else all that can be read. */
  readonly known: ReadableLines;
  /** Behind its end. */
  readonly beyond: ReadableLines;
  /** Whether it has the hash that its end says. */
  readonly isWhole: boolean;
}

/** Lines of an index, each looked at by itself. */
export interface ReadableLines {
  readonly records: readonly KeptRecord[];
  /** Lines that are no records, by their places. */
  readonly damaged: readonly string[];
}

/** Reads what can be read of a segment; its end is undefined if nothing says it. */
export async function readableSegment(files: StoreFiles, file: string, end: SegmentEnd | undefined): Promise<ReadableSegment> {
  const bytes = await bytesAt(files, file, 0, 2 * LOG_LIMITS.segmentBytes);
  const isWhole = end !== undefined && bytes.length >= end.bytes && (await sha256(bytes.subarray(0, end.bytes))) === end.sha256;
  const length = isWhole ? end.bytes : bytes.length;
  const known = length === 0 ? { records: [], damaged: ['all of it'] } : linesOf(bytes.subarray(0, length), file);
  return { known, beyond: linesOf(bytes.subarray(length), file), isWhole };
}

/** The end of a segment as the first line of the next one says it; undefined if it does not. */
export async function endBefore(files: StoreFiles, next: string): Promise<SegmentEnd | undefined> {
  const start = await bytesAt(files, next, 0, LOG_LIMITS.headBytes);
  try {
    const line = parsedLine(decoder.decode(start.subarray(0, start.indexOf(LINE_END) + 1)), next, 1);
    const before = isObject(line) ? line['before'] : undefined;
    return isSegmentEnd(before) ? before : undefined;
  } catch (error) {
    if (isNetSpaceError(error)) return undefined;
    throw error;
  }
}

const LINE_END = 10;
const decoder = new TextDecoder(); // what is no text is no JSON

function linesOf(bytes: Uint8Array, file: string): ReadableLines {
  const records: KeptRecord[] = [];
  const damaged: string[] = [];
  const lines = decoder.decode(bytes).split('\n');
  const rest = lines.pop();
  for (const [i, line] of lines.entries()) {
    try {
      const value = parsedLine(line, file, i + 1);
      if (isObject(value) && 'before' in value) continue; // of the segment before
      records.push(checkedRecord(value, file));
    } catch (error) {
      if (!isNetSpaceError(error)) throw error;
      damaged.push(`line ${i + 1}`);
    }
  }
  return { records, damaged: rest === '' ? damaged : [...damaged, 'its end'] };
}
