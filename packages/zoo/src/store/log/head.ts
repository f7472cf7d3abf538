import { NetSpaceError } from '@netspace/prep';
import { parseJson } from '@netspace/prep/internal';

import { isCount, isObject, isSha256 } from '../instance-record.js';
import { LOG_LIMITS } from './log-limits.js';

/** Where a segment of the index ends: everything before is there and does not change. */
export interface SegmentEnd {
  /** Networks up to here, those of earlier segments included. */
  readonly instances: number;
  /** Bytes of the segment. */
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * How far a zoo's files go, in `manifest.json`: what they hold beyond was never finished. It is the only file that is replaced, as a whole, so
 * that a reader sees a network with all that belongs to it or not at all.
 */
export interface LogHead {
  readonly schemaVersion: 2;
  /** Segments of the index, from 0. */
  readonly segments: number;
  /** Of the last segment. */
  readonly end: SegmentEnd;
  /** The shard that takes the next network, and how far it goes. */
  readonly shard: { readonly number: number; readonly bytes: number };
}

export const writeHead = ({ schemaVersion, segments, end, shard }: LogHead): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify({ schemaVersion, segments, end, shard })}\n`);

/**
 * Reads `manifest.json` of a zoo in segments.
 *
 * @returns undefined if it says that it is of another version
 * @throws NetSpaceError `CORRUPT_FILE` if it says this version and is something else
 */
export function readHead(bytes: Uint8Array): LogHead | undefined {
  if (bytes.length > LOG_LIMITS.headBytes) return undefined;
  const head = parsed(bytes);
  if (!isObject(head) || head['schemaVersion'] !== 2) return undefined;
  const { segments, end, shard } = head;
  const isWhole =
    isCount(segments) &&
    segments > 0 &&
    isSegmentEnd(end) &&
    end.instances >= segments &&
    isObject(shard) &&
    isCount(shard['number']) &&
    isCount(shard['bytes']);
  if (!isWhole) throw corruptLog('manifest.json', 'expected segments, end and shard, got something else');
  return { schemaVersion: 2, segments, end, shard: { number: shard['number'] as number, bytes: shard['bytes'] as number } };
}

export const isSegmentEnd = (value: unknown): value is SegmentEnd =>
  isObject(value) &&
  isCount(value['instances']) &&
  value['instances'] > 0 &&
  value['instances'] <= LOG_LIMITS.instances &&
  isCount(value['bytes']) &&
  value['bytes'] <= LOG_LIMITS.segmentBytes + LOG_LIMITS.lineBytes &&
  isSha256(value['sha256']);

export const sameEnd = (a: SegmentEnd | undefined, b: SegmentEnd | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.instances === b.instances && a.bytes === b.bytes && a.sha256 === b.sha256);

export const corruptLog = (file: string, problem: string, options?: ErrorOptions): NetSpaceError =>
  new NetSpaceError('CORRUPT_FILE', `openInstanceStore: ${problem} in ${file}; restore the zoo from a copy, or build it again`, options);

function parsed(bytes: Uint8Array): unknown {
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined; // the reader of the other version says what is wrong
  }
}
