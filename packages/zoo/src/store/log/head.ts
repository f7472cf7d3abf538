import { NetSpaceError } from '@netspace/prep';
import { parseJson } from '@netspace/prep/internal';

import { DAMAGED_ZOO } from '../repair/damaged-zoo.js';
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
 * How far a zoo's files go, in `manifest.json`. It is the only file that is replaced, as a whole, so
 * that a reader sees a network with all that belongs to it or not at all.
 */
export interface LogHead {
  /** Segments of the index, from 0. */
  readonly segments: number;
  /** Of the last segment. */
  readonly end: SegmentEnd;
  /** The shard that takes the next network, and how far it goes. */
  readonly shard: { readonly number: number; readonly bytes: number };
}

/** `manifest.json` of a zoo in segments. */
export interface LogManifest {
  /** Undefined as long as there is no network. */
  readonly head: LogHead | undefined;
  /**
   * An adder said so before its first byte, and does not say so any more when all is there: what the files hold beyond the head is what it has
   * done so far, or all that a broken one did. Otherwise nothing is beyond, unless the head is older than the other files.
   */
  readonly adding: boolean;
}

export function writeHead({ head, adding }: LogManifest): Uint8Array {
  const { segments = 0, end, shard } = head ?? {};
  return new TextEncoder().encode(`${JSON.stringify({ schemaVersion: 2, segments, end, shard, ...(adding && { adding }) })}\n`);
}

/**
 * Reads `manifest.json` of a zoo in segments.
 *
 * @returns undefined if it says that it is of another version
 * @throws NetSpaceError `CORRUPT_FILE` if it says this version and is something else
 */
export function readHead(bytes: Uint8Array): LogManifest | undefined {
  if (bytes.length > LOG_LIMITS.headBytes) return undefined;
  const manifest = parsed(bytes);
  if (!isObject(manifest) || manifest['schemaVersion'] !== 2) return undefined;
  const { segments, end, shard, adding = false } = manifest;
  if (segments === 0 && end === undefined && shard === undefined && adding === true) return { head: undefined, adding };
  const isWhole =
    isCount(segments) &&
    segments > 0 &&
    isSegmentEnd(end) &&
    end.instances >= segments &&
    isObject(shard) &&
    isCount(shard['number']) &&
    isCount(shard['bytes']) &&
    typeof adding === 'boolean';
  if (!isWhole) throw corruptLog('manifest.json', 'expected segments, end and shard, got something else');
  const { number, bytes: length } = shard as unknown as LogHead['shard'];
  return { head: { segments, end, shard: { number, bytes: length } }, adding };
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
  new NetSpaceError('CORRUPT_FILE', `openInstanceStore: ${problem} in ${file}; ${DAMAGED_ZOO}`, options);

function parsed(bytes: Uint8Array): unknown {
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined; // the reader of the other version says what is wrong
  }
}
