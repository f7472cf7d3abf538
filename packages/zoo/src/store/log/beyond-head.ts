import { bytesAt, type StoreFiles } from '../files/store-files.js';
import type { LogHead } from './head.js';
import { segmentFile, shardFile } from './segment.js';

/** A file that does not end where a head says. */
export interface WrongEnd {
  readonly file: string;
  readonly problem: string;
}

/**
 * The first of a zoo's last files that does not end where its head says. A longer one holds networks that the head does not know, as if it were
 * older than the other files; a shorter one has lost some.
 */
export async function wrongEnd(files: StoreFiles, { segments, end, shard }: LogHead): Promise<WrongEnd | undefined> {
  const ends = [
    [segmentFile(segments - 1), end.bytes],
    [segmentFile(segments), 0],
    [shardFile(shard.number), shard.bytes],
    [shardFile(shard.number + 1), 0],
  ] as const;
  for (const [file, expected] of ends) {
    const from = Math.max(0, expected - 1);
    const found = from + (await bytesAt(files, file, from, 2)).length;
    if (found > expected) return { file, problem: `expected ${expected} bytes, as manifest.json says, got more` };
    if (found < expected) return { file, problem: `expected ${expected} bytes, as manifest.json says, got fewer` };
  }
  return undefined;
}
