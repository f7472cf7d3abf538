import { NetSpaceError } from '@netspace/prep';
import { joinBytes } from '@netspace/prep/internal';

import type { KeptRecord } from '../instance-record.js';
import { sha256 } from '../files/sha256.js';
import { appendAt, type StoreFiles } from '../files/store-files.js';
import type { LogHead, SegmentEnd } from './head.js';
import { LOG_LIMITS } from './log-limits.js';
import type { LogState } from './log-state.js';
import { firstLine, lineOf, segmentFile, shardFile } from './segment.js';

/** A network to keep: its safetensors file, and what is to be known of it. */
export interface Draft {
  readonly record: Omit<KeptRecord, 'file' | 'offset' | 'bytes'>;
  readonly bytes: Uint8Array;
}

/**
 * Writes networks and their records behind all that a state knows. They are part of the zoo when the head that this returns is written: until
 * then readers do not look at them. What is there beyond the state is written over: call this only if it is what a broken adder left.
 */
export async function append(files: StoreFiles, state: LogState, drafts: readonly Draft[]): Promise<Appended> {
  const { records, shard } = await keepBytes(files, state.head?.shard ?? { number: 0, bytes: 0 }, drafts);
  const { number, open, sealed, end } = await keepRecords(files, state, records);
  return { records, open, sealed, head: { segments: number + 1, end, shard } };
}

/** What a zoo has more when the head is written. */
export interface Appended extends Pick<LogState, 'open' | 'sealed'> {
  readonly records: readonly KeptRecord[];
  readonly head: LogHead;
}

interface ShardEnd {
  readonly number: number;
  readonly bytes: number;
}

async function keepBytes(files: StoreFiles, from: ShardEnd, drafts: readonly Draft[]) {
  const records: KeptRecord[] = [];
  let shard = from;
  let parts: Uint8Array[] = [];
  const flush = async (): Promise<void> => {
    const bytes = joinBytes(parts);
    if (bytes.length > 0) await appendAt(files, shardFile(shard.number), shard.bytes, bytes);
    [shard, parts] = [{ ...shard, bytes: shard.bytes + bytes.length }, []];
  };
  let waiting = 0;
  for (const { record, bytes } of drafts) {
    const { name, sha256: hash } = record;
    // In the order in which people read it.
    const { architecture, parameterCount, classId, epochs, seed, metrics } = record;
    const known = { name, architecture, parameterCount, ...(classId !== undefined && { classId }), epochs, seed, metrics };
    if (files.append === undefined || bytes.length > LOG_LIMITS.sharedBytes) {
      const file = ownFile(name, hash);
      await files.write(file, bytes);
      records.push({ ...known, file, sha256: hash, bytes: bytes.length });
      continue;
    }
    if (shard.bytes + waiting + bytes.length > LOG_LIMITS.shardBytes) {
      await flush();
      [shard, waiting] = [{ number: shard.number + 1, bytes: 0 }, 0];
    }
    records.push({ ...known, file: shardFile(shard.number), offset: shard.bytes + waiting, sha256: hash, bytes: bytes.length });
    parts.push(bytes);
    waiting += bytes.length;
  }
  await flush();
  return { records, shard };
}

/** The hash in the path: no adder ever overwrites a file that an index names, not even one that was interrupted. */
export const ownFile = (name: string, hash: string): string => `instances/${name}-${hash.slice(0, 12)}.safetensors`;

async function keepRecords(files: StoreFiles, state: LogState, records: readonly KeptRecord[]) {
  let number = (state.head?.segments ?? 1) - 1;
  let { open, sealed } = state;
  let instances = state.records.length;
  let written = open.length;
  let parts: Uint8Array[] = open.length === 0 ? [firstLine(undefined)] : [];
  const flush = async (): Promise<SegmentEnd> => {
    const bytes = joinBytes(parts);
    await appendAt(files, segmentFile(number), written, bytes);
    open = joinBytes([open, bytes]);
    [written, parts] = [open.length, []];
    return { instances, bytes: open.length, sha256: await sha256(open) };
  };
  let length = written + (parts[0]?.length ?? 0);
  for (const record of records) {
    const line = lineOf(record);
    if (line.length > LOG_LIMITS.lineBytes) {
      throw new NetSpaceError(
        'INVALID_OPTION',
        `add: expected a record of at most ${LOG_LIMITS.lineBytes} bytes, got ${line.length} for ${record.name}; keep fewer metrics`,
      );
    }
    if (length + line.length > LOG_LIMITS.segmentBytes) {
      sealed = await flush();
      number++;
      [open, written, parts] = [new Uint8Array(), 0, [firstLine(sealed)]];
      length = parts[0]!.length;
    }
    parts.push(line);
    length += line.length;
    instances++;
  }
  return { end: await flush(), number, open, sealed };
}
