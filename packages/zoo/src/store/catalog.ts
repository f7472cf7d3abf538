import { isNetSpaceError, NetSpaceError } from '@netspace/prep';

import type { InstanceRecord } from './instance-record.js';
import { append, type Draft } from './log/append.js';
import { readHead, sameEnd, writeHead } from './log/head.js';
import { emptyLog, grown, readUpTo } from './log/log-state.js';
import { numbering } from './log/numbered.js';
import { addToManifest } from './add-to-manifest.js';
import { sha256 } from './sha256.js';
import { oneAtATime, readPart, type StoreFiles } from './store-files.js';
import { MANIFEST_FILE, readManifest } from './store-manifest.js';

/** How a new zoo is kept: many networks a file, or one file a network and one manifest. */
export type StoreLayout = 'shards' | 'files';

/** A zoo's index and bytes, without a look into them. */
export interface Catalog {
  /** All records, in the order of adding. */
  list(): Promise<readonly InstanceRecord[]>;
  find(name: string): Promise<InstanceRecord | undefined>;
  /** The safetensors file of a network, compared with its record. */
  bytesOf(record: InstanceRecord): Promise<Uint8Array>;
  /**
   * Adds all or none.
   *
   * @returns their records
   * @throws NetSpaceError `INVALID_OPTION` if a name is taken
   */
  add(drafts: readonly Draft[] | Promise<readonly Draft[]>): Promise<readonly InstanceRecord[]>;
}

/** What is there: a manifest of all networks as versions before 2026-11-30 wrote it, or an index in segments. */
interface Content {
  readonly records: readonly InstanceRecord[];
  find(name: string): InstanceRecord | undefined;
  add(drafts: readonly Draft[]): Promise<Content>;
}

export function openCatalog(files: StoreFiles, layout: StoreLayout): Catalog {
  const inTurn = turns();
  const log = logContent(files, inTurn);
  const content = (): Promise<Content> =>
    inTurn(async () => {
      const bytes = await manifestBytes(files);
      const head = bytes && readHead(bytes);
      if (head !== undefined || (bytes === undefined && layout === 'shards')) return log(head);
      return manifestContent(files, bytes === undefined ? [] : readManifest(bytes).instances);
    });
  return {
    list: async () => (await content()).records.slice(), // more may come to theirs
    find: async (name) => (await content()).find(name),
    async bytesOf(record) {
      const { file, offset, bytes: size } = record;
      const bytes = offset === undefined ? await files.read(file) : await readPart(files, file, offset, offset + size);
      await checkBytes(record, bytes);
      return bytes;
    },
    add: (given) =>
      oneAtATime(files, async () => {
        const drafts = await given;
        const before = await content();
        refuseTaken(drafts, before);
        const after = drafts.length === 0 ? before : await before.add(drafts);
        return drafts.map(({ record }) => after.find(record.name)!);
      }),
  };
}

/** Runs tasks one after the other, so that two do not change what is known of an index at once. */
function turns() {
  let tail: Promise<unknown> = Promise.resolve();
  return <T>(task: () => Promise<T>): Promise<T> => {
    const run = tail.then(task);
    tail = run.catch(() => undefined);
    return run;
  };
}

/** Segments and shards; keeps what it has read. */
function logContent(files: StoreFiles, inTurn: ReturnType<typeof turns>) {
  let state = emptyLog();
  const number = numbering();
  const now = (): Content => {
    const records = number(state.records);
    return {
      records,
      find: (name) => records[state.places.get(name) ?? -1],
      async add(drafts) {
        const from = state.head?.end;
        const { records: more, ...rest } = await append(files, state, drafts);
        await files.write(MANIFEST_FILE, writeHead(rest.head));
        return inTurn(async () => {
          // Somebody may have listed since the head was written, or before anything was.
          state = sameEnd(state.head?.end, from) ? grown(state, more, rest) : await readUpTo(files, state, rest.head);
          return now();
        });
      },
    };
  };
  return async (head: ReturnType<typeof readHead>): Promise<Content> => {
    state = head === undefined ? emptyLog() : await readUpTo(files, state, head);
    return now();
  };
}

const manifestContent = (files: StoreFiles, records: readonly InstanceRecord[]): Content => ({
  records,
  find: (name) => records.find((record) => record.name === name),
  add: async (drafts) => manifestContent(files, await addToManifest(files, records, drafts)),
});

async function manifestBytes(files: StoreFiles): Promise<Uint8Array | undefined> {
  try {
    return await files.read(MANIFEST_FILE);
  } catch (error) {
    if (isNetSpaceError(error) && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

function refuseTaken(drafts: readonly Draft[], content: Content): void {
  const names = new Set<string>();
  for (const { record } of drafts) {
    const { name } = record;
    if (names.has(name) || content.find(name) !== undefined) {
      throw new NetSpaceError('INVALID_OPTION', `add: expected a new name, got ${name}, which is in the store; choose another`);
    }
    names.add(name);
  }
}

/** What to do about a file that is not the one that was added; `add` refuses a name that is taken. */
const REMEDY = 'restore the file from a copy, or copy the other networks to a new store (copyInstances, `netspace zoo filter --out`)';

async function checkBytes({ name, file, bytes: size, sha256: hash }: InstanceRecord, bytes: Uint8Array): Promise<void> {
  if (bytes.length !== size) {
    throw new NetSpaceError('CORRUPT_FILE', `load: expected ${size} bytes in ${file} of ${name}, got ${bytes.length}; ${REMEDY}`);
  }
  const got = await sha256(bytes);
  if (got !== hash) {
    throw new NetSpaceError('CORRUPT_FILE', `load: expected SHA-256 ${hash} of ${file} of ${name}, got ${got}; ${REMEDY}`);
  }
}
