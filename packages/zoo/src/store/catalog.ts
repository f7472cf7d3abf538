import { isNetSpaceError, NetSpaceError } from '@netspace/prep';

import type { InstanceRecord } from './instance-record.js';
import { append, type Draft } from './log/append.js';
import { wrongEnd, type WrongEnd } from './log/beyond-head.js';
import { corruptLog, type LogManifest, readHead, sameEnd, writeHead } from './log/head.js';
import { emptyLog, grown, readUpTo } from './log/log-state.js';
import { numbering } from './log/numbered.js';
import { addToManifest } from './add-to-manifest.js';
import { sha256 } from './files/sha256.js';
import { oneAtATime, readPart, type StoreFiles } from './files/store-files.js';
import { MANIFEST_FILE, readManifest } from './store-manifest.js';
import { listedMeanwhile } from './repair/unlisted.js';

/** How a new zoo is kept: many networks a file, or one file a network and one manifest. */
export type StoreLayout = 'shards' | 'files';

/** A zoo's index and bytes, without a look into them. */
export interface Catalog {
  /** All records, in the order of adding. */
  list(): Promise<readonly InstanceRecord[]>;
  find(name: string): Promise<InstanceRecord | undefined>;
  /** The safetensors file of a network, compared with its record; where it is now, if it was moved since it was listed. */
  bytesOf(record: InstanceRecord): Promise<Uint8Array>;
  /** A file that does not end where the index says, while nobody adds. */
  wrongEnd(): Promise<WrongEnd | undefined>;
  /**
   * Adds all or none.
   *
   * @returns their records
   * @throws NetSpaceError `INVALID_OPTION` if a name is taken, `CORRUPT_FILE` if the zoo's files do not belong together: they stay as they are
   */
  add(drafts: readonly Draft[] | Promise<readonly Draft[]>): Promise<readonly InstanceRecord[]>;
}

/** What is there: a manifest of all networks as earlier versions wrote it, or an index in segments. */
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
      const bytes = (await manifestBytes(files)) ?? (await listedMeanwhile(files, manifestBytes));
      const manifest = bytes === undefined ? undefined : readHead(bytes);
      if (manifest !== undefined || (bytes === undefined && layout === 'shards')) return log(manifest);
      return manifestContent(files, bytes && readManifest(bytes).instances);
    });
  const find = async (name: string): Promise<InstanceRecord | undefined> => (await content()).find(name);
  return {
    list: async () => (await content()).records.slice(), // more may come to theirs
    find,
    async bytesOf(record) {
      try {
        return await checkedBytes(files, record);
      } catch (error) {
        if (!isNetSpaceError(error) || error.code !== 'NOT_FOUND') throw error;
        const now = await find(record.name); // an upgrade may have moved it
        if (now === undefined || (now.file === record.file && now.offset === record.offset)) throw error;
        return checkedBytes(files, { ...record, file: now.file, offset: now.offset });
      }
    },
    wrongEnd: () => quietWrongEnd(files),
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

/** Looks again where an adder came between. */
async function quietWrongEnd(files: StoreFiles): Promise<WrongEnd | undefined> {
  for (let before = await manifestBytes(files); ;) {
    const { head, adding = true } = (before && readHead(before)) ?? {};
    if (head === undefined || adding) return undefined;
    const wrong = await wrongEnd(files, head);
    const after = await manifestBytes(files);
    if (wrong === undefined || (after !== undefined && sameBytes(before!, after))) return wrong;
    before = after;
  }
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

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
  const now = (adding: boolean): Content => {
    const records = number(state.records);
    return {
      records,
      find: (name) => records[state.places.get(name) ?? -1],
      async add(drafts) {
        const known = state;
        const { head } = known;
        if (!adding) {
          const wrong = head && (await wrongEnd(files, head));
          if (wrong !== undefined) throw corruptLog(wrong.file, wrong.problem);
          await files.write(MANIFEST_FILE, writeHead({ head, adding: true }));
        }
        const { records: more, ...rest } = await append(files, known, drafts);
        await files.write(MANIFEST_FILE, writeHead({ head: rest.head, adding: false }));
        return inTurn(async () => {
          // Somebody may have listed since the head was written, or before anything was.
          state = sameEnd(state.head?.end, head?.end) ? grown(state, more, rest) : await readUpTo(files, state, rest.head);
          return now(false);
        });
      },
    };
  };
  return async ({ head, adding }: LogManifest = { head: undefined, adding: false }): Promise<Content> => {
    state = head === undefined ? emptyLog() : await readUpTo(files, state, head);
    return now(adding);
  };
}

const manifestContent = (files: StoreFiles, records: readonly InstanceRecord[] | undefined): Content => ({
  records: records ?? [],
  find: (name) => records?.find((record) => record.name === name),
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

/** The safetensors file of a network, compared with its record. */
export async function checkedBytes(
  files: StoreFiles,
  {
    name,
    file,
    offset,
    bytes: size,
    sha256: hash,
  }: Pick<InstanceRecord, 'name' | 'file' | 'bytes' | 'sha256'> & { readonly offset?: number | undefined },
): Promise<Uint8Array> {
  const bytes = offset === undefined ? await files.read(file) : await readPart(files, file, offset, offset + size);
  if (bytes.length !== size) {
    throw new NetSpaceError('CORRUPT_FILE', `load: expected ${size} bytes in ${file} of ${name}, got ${bytes.length}; ${REMEDY}`);
  }
  const got = await sha256(bytes);
  if (got !== hash) {
    throw new NetSpaceError('CORRUPT_FILE', `load: expected SHA-256 ${hash} of ${file} of ${name}, got ${got}; ${REMEDY}`);
  }
  return bytes;
}
