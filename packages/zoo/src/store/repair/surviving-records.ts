import { isNetSpaceError, NetSpaceError } from '@netspace/prep';

import type { KeptRecord } from '../instance-record.js';
import type { StoreProblem } from '../instance-store.js';
import { type LogManifest, readHead } from '../log/head.js';
import { LOG_LIMITS } from '../log/log-limits.js';
import { endBefore, type ReadableLines, readableSegment } from '../log/readable-records.js';
import { segmentFile } from '../log/segment.js';
import { bytesAt, type StoreFiles } from '../files/store-files.js';
import { MANIFEST_FILE, MANIFEST_LIMITS, readManifest } from '../store-manifest.js';
import { heldFiles } from './unlisted.js';

export interface SurvivingRecord {
  readonly record: KeptRecord;
  /** Whether the store ever said that it is there: what a broken adder or a broken upgrade left is no loss. */
  readonly isPromised: boolean;
}

/** What can still be read of a damaged store's index. */
export interface SurvivingRecords {
  readonly records: readonly SurvivingRecord[];
  /** Parts of the index that cannot be read. */
  readonly damaged: readonly StoreProblem[];
  /** Segments whose hash nothing knows. */
  readonly unchecked: readonly string[];
}

/**
 * Reads all records of a store that can be read, whatever is missing or cut.
 *
 * @throws NetSpaceError `NOT_FOUND` if there is no part of an index
 */
export async function survivingRecords(files: StoreFiles): Promise<SurvivingRecords> {
  const bytes = await bytesAt(files, MANIFEST_FILE, 0, MANIFEST_LIMITS.bytes + 1);
  const { manifest, old, problem } = readAny(bytes);
  const segments = await segmentsOf(files, manifest);
  if (old === undefined && segments.length === 0) {
    throw new NetSpaceError(
      'NOT_FOUND',
      `recoverInstances: expected ${MANIFEST_FILE} or ${segmentFile(0)} of a zoo, got ${bytes.length === 0 ? 'neither' : 'no part of an index that can be read'}; copy one of them again, or let netspace zoo import take the weights`,
    );
  }
  const records: SurvivingRecord[] = (old ?? []).map((record) => ({ record, isPromised: true }));
  const damaged: StoreProblem[] = problem === undefined ? [] : [{ name: MANIFEST_FILE, problem }];
  const unchecked: string[] = [];
  const isAdding = manifest?.adding === true;
  const promised = old !== undefined ? 0 : isAdding ? (manifest.head?.segments ?? 0) : Infinity; // segments from there on were never finished
  for (const file of segments) {
    const number = numberOf(file);
    const isLast = number === (manifest?.head?.segments ?? 0) - 1;
    const next = segmentFile(number + 1);
    const end = isLast && (isAdding || !segments.includes(next)) ? manifest?.head?.end : await endBefore(files, next);
    const { known, beyond, isWhole } = await readableSegment(files, file, end);
    const tell = ({ records: more, damaged: places }: ReadableLines, isPromised: boolean): void => {
      records.push(...more.map((record) => ({ record, isPromised })));
      if (isPromised) damaged.push(...places.map((place) => ({ name: file, problem: `recoverInstances: expected a record, got something else in ${place}` }))); // prettier-ignore
    };
    tell(known, number < promised);
    tell(beyond, number < promised && !isAdding);
    if (number < promised && !(isWhole && (isAdding || beyond.records.length === 0))) unchecked.push(file);
  }
  if (old === undefined) damaged.push(...missingOf(segments, manifest));
  return { records, damaged, unchecked };
}

const numberOf = (segment: string): number => Number(/\d+/.exec(segment)![0]);

function readAny(bytes: Uint8Array): {
  readonly manifest?: LogManifest | undefined;
  readonly old?: readonly KeptRecord[];
  readonly problem?: string;
} {
  if (bytes.length === 0) return {};
  try {
    const manifest = readHead(bytes);
    return manifest === undefined ? { old: readManifest(bytes).instances } : { manifest };
  } catch (error) {
    if (!isNetSpaceError(error)) throw error;
    return { problem: error.message };
  }
}

/** Files of the index that are there. */
async function segmentsOf(files: StoreFiles, manifest: LogManifest | undefined): Promise<readonly string[]> {
  if (files.list !== undefined) return heldFiles(files, ['index']);
  const found: string[] = [];
  for (let number = 0; number < (manifest?.head?.segments ?? Infinity); number++) {
    const isThere = (await bytesAt(files, segmentFile(number), 0, 1)).length > 0;
    if (isThere) found.push(segmentFile(number));
    else if (manifest?.head === undefined) break;
  }
  return found;
}

/** Segments that must have been there. */
function missingOf(segments: readonly string[], manifest: LogManifest | undefined): readonly StoreProblem[] {
  const there = new Set(segments);
  const count = Math.max(manifest?.head?.segments ?? 0, ...segments.map((file) => numberOf(file) + 1));
  return Array.from({ length: Math.min(count, LOG_LIMITS.instances) }, (_, number) => segmentFile(number))
    .filter((file) => !there.has(file))
    .map((name) => ({ name, problem: 'recoverInstances: expected this part of the index, got none: its networks are lost' }));
}
