import { joinBytes } from '@netspace/prep/internal';

import type { KeptRecord } from '../instance-record.js';
import type { StoreFiles } from '../files/store-files.js';
import { corruptLog, type LogHead, sameEnd, type SegmentEnd } from './head.js';
import { recordsOf, segmentFile, segmentsFrom, shardFile } from './segment.js';

/** What is known of a zoo's index: all of it up to a head. */
export interface LogState {
  /** Undefined as long as there is no network. */
  readonly head: LogHead | undefined;
  /** In the order of adding; later states share the array and have more of it. */
  readonly records: KeptRecord[];
  /** Where the record of a name is. */
  readonly places: Map<string, number>;
  /** The last segment, which may still grow. */
  readonly open: Uint8Array;
  /** The end of the segment before that. */
  readonly sealed: SegmentEnd | undefined;
}

export const emptyLog = (): LogState => ({ head: undefined, records: [], places: new Map(), open: new Uint8Array(), sealed: undefined });

/** Reads the part of the index that a head has and a state has not. It reads all of the index if the state belongs to another index, such as that of a zoo that was built anew. */
export async function readUpTo(files: StoreFiles, state: LogState, head: LogHead): Promise<LogState> {
  return (state.head && (await extended(files, state, state.head, head))) ?? (await extendedFrom(files, emptyLog(), 0, head));
}

async function extended(files: StoreFiles, state: LogState, { segments, end }: LogHead, head: LogHead): Promise<LogState | undefined> {
  if (segments === head.segments && sameEnd(end, head.end)) return state;
  if (head.segments < segments || head.end.instances <= end.instances) return undefined;
  for await (const { bytes, before } of segmentsFrom(files, segments - 1, head)) {
    const grew = bytes.length >= state.open.length && state.open.every((byte, i) => byte === bytes[i]);
    if (!grew || !sameEnd(before, state.sealed)) return undefined;
    break;
  }
  return extendedFrom(files, state, segments - 1, head);
}

async function extendedFrom(files: StoreFiles, state: LogState, first: number, head: LogHead): Promise<LogState> {
  const more: KeptRecord[] = [];
  const places = new Map<string, number>();
  let { open, sealed } = state;
  let skip = state.open.length; // of the first segment
  for await (const { number, bytes, start, before, end } of segmentsFrom(files, first, head)) {
    const file = segmentFile(number);
    for (const record of recordsOf(bytes.subarray(Math.max(start, skip)), file, 2)) {
      if (state.places.has(record.name) || places.has(record.name))
        throw corruptLog(file, `expected each name once, got ${record.name} twice`);
      places.set(record.name, state.records.length + more.length);
      more.push(record);
    }
    const count = state.records.length + more.length;
    if (count !== end.instances) throw corruptLog(file, `expected ${end.instances} networks up to here, got ${count}`);
    [open, sealed, skip] = [bytes, before, 0];
  }
  checkShard(head, more, state.head?.shard);
  if (state.records.length === 0) return { records: more, places, head, sealed, open: joinBytes([open]) };
  return grown(state, more, { head, open, sealed });
}

/** The next network must not be written over one that is there. */
function checkShard({ shard }: LogHead, more: readonly KeptRecord[], before: LogHead['shard'] = { number: 0, bytes: 0 }): void {
  const last = more.findLast(({ offset }) => offset !== undefined);
  const [file, bytes] = last === undefined ? [shardFile(before.number), before.bytes] : [last.file, last.offset! + last.bytes];
  if (file !== shardFile(shard.number) || bytes !== shard.bytes) {
    throw corruptLog(
      'manifest.json',
      `expected ${file} to end at ${bytes}, as the index says, got ${shard.bytes} of ${shardFile(shard.number)}`,
    );
  }
}

/** A state that has more records; the one before must not be used any more. */
export function grown(state: LogState, more: readonly KeptRecord[], rest: Pick<LogState, 'head' | 'open' | 'sealed'>): LogState {
  const { records, places } = state;
  for (const record of more) {
    places.set(record.name, records.length);
    records.push(record);
  }
  return { records, places, ...rest, open: joinBytes([rest.open]) }; // not a view of all that was read
}
