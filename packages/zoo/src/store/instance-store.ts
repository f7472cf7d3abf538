import { instanceToRawTensors, rawToFloat32, type RawTensor, readSafetensors, writeSafetensors } from '@netspace/formats';
import { disposeInstances, isNetSpaceError, NetSpaceError, parameterCount, type Architecture, type Instance } from '@netspace/prep';
import {
  firstNonFinite,
  functionOf,
  type GivenBy,
  nextTask,
  objectOf,
  oneOf,
  parseOptions,
  refuseNonFinite,
  withDefault,
} from '@netspace/prep/internal';

import { architectureByName } from '../architectures/by-name.js';
import { instanceFromStored, layoutMetadata } from '../layers-model/parameters/earlier.js';
import { sha256 } from './files/sha256.js';
import { openCatalog } from './catalog.js';
import { DAMAGED_ZOO } from './repair/damaged-zoo.js';
import { contradictions } from './contradictions.js';
import { checkedEntry, type InstanceEntry } from './instance-entry.js';
import type { InstanceRecord } from './instance-record.js';
import type { Draft } from './log/append.js';
import { CLASS_ID } from './log/stored-draft.js';
import { stopOptions, type StopOptions } from './stop-options.js';
import { checkFiles, type StoreFiles } from './files/store-files.js';
import { MANIFEST_FILE } from './store-manifest.js';

/** See {@link InstanceStoreOptions}. */
export const instanceStoreOptions = objectOf({
  /**
   * Finds the architecture of a stored name.
   * @default architectureByName
   */
  resolve: withDefault(functionOf<(name: string) => Architecture>(), architectureByName),
  /**
   * How numbers are written: `float16` halves the files and rounds to 11 bits.
   * @default 'float32'
   */
  dtype: withDefault(oneOf(['float32', 'float16']), 'float32'),
  /**
   * How a new store is kept; an existing store keeps its layout. `shards`: networks of up to 1 MiB share files, and the index grows at its end, so
   * adding a network costs the same in a store of any size. `files`: one file for each network, and a manifest that is written again at each addition.
   * Other programs can read these files one by one.
   * @default 'shards'
   */
  layout: withDefault(oneOf(['shards', 'files']), 'shards'),
});

/** Options of {@link openInstanceStore}. */
export interface InstanceStoreOptions extends GivenBy<typeof instanceStoreOptions> {}

/** What is wrong with an instance of a store. */
export interface StoreProblem {
  readonly name: string;
  readonly problem: string;
}

/** Trained networks as safetensors, and an index that says what each is. */
export interface InstanceStore {
  /** What is there, in the order in which it was added. */
  list(): Promise<readonly InstanceRecord[]>;
  /** Whether there is a network of a name. */
  has(name: string): Promise<boolean>;
  /**
   * Writes a network, then what says that it is there. Others may read meanwhile; adders take turns.
   *
   * @throws NetSpaceError `INVALID_OPTION` if the name is taken or not a name, a part is unknown, missing or wrong, or a number or
   *   weight is not finite
   */
  add(entry: InstanceEntry): Promise<InstanceRecord>;
  /** Adds several at once, all or none, which is faster than one by one; throws as `add`. */
  addAll(entries: readonly InstanceEntry[]): Promise<readonly InstanceRecord[]>;
  /**
   * Reads an instance and checks its file against the manifest; the caller owns its tensors.
   *
   * @throws NetSpaceError `NOT_FOUND` if there is none of this name or its architecture is unknown, `CORRUPT_FILE` if the file is
   *   not the one that was added
   */
  load(name: string): Promise<Instance & { readonly record: InstanceRecord }>;
  /**
   * Reads everything and says what is wrong; empty if nothing is. Checked are each file's size and hash, what the file itself says of its
   * name, architecture and number of weights, that ClassIds follow parameter counts, and that index and shards end where the manifest says.
   * Of an architecture that `resolve` does not know, the names and shapes of parameters are not checked; that all weights are finite is.
   * A problem that is no network's has the name of its file.
   *
   * @throws NetSpaceError `ABORTED` when the signal stopped it, `INVALID_OPTION` for options that are unknown or wrong
   */
  verify(options?: StopOptions): Promise<readonly StoreProblem[]>;
}

/**
 * A zoo of trained networks in a folder, or wherever `files` keeps them; an empty one where there is none yet.
 *
 * Every file is in PyTorch's names, order and layout, so that PyTorch's safetensors reader opens it.
 *
 * @throws NetSpaceError `INVALID_OPTION` if `files` has no `read` and `write`; from each method: `UNSUPPORTED` if the store was written by another version, `CORRUPT_FILE` if its manifest
 *   or index is damaged, or files are missing, as in half a copy: nothing is written to such a store, and `recoverInstances` takes what is whole
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { initialize, memoryFiles, openInstanceStore, siren } from '@netspace/zoo';
 *
 * const architecture = siren({ hidden: 4 });
 * const instance = { architecture, parameters: initialize(architecture.parameters, { seed: 1, scheme: 'siren' }) };
 * const store = openInstanceStore(memoryFiles()); // `directoryFiles(folder)` in Node
 * await store.add({ name: 'untrained', instance, epochs: 0, seed: 1, metrics: {} });
 * console.log((await store.load('untrained')).architecture.name); // siren-3-4x1-1
 * ```
 */
export function openInstanceStore(files: StoreFiles, options: InstanceStoreOptions = {}): InstanceStore {
  const { resolve, dtype, layout } = parseOptions('openInstanceStore', instanceStoreOptions, options);
  checkFiles(files);
  const catalog = openCatalog(files, layout);
  const stored = async (record: InstanceRecord): Promise<SafetensorsFile> => {
    const { tensors, metadata } = readSafetensors(await catalog.bytesOf(record));
    checkContent(record, [
      ['name', record.name, metadata['name']],
      ['architecture', record.architecture, metadata['architecture']],
    ]);
    return { tensors, metadata };
  };
  const addAll = async (given: readonly InstanceEntry[]): Promise<readonly InstanceRecord[]> => {
    const entries = given.map(checkedEntry);
    // Reads the tensors at once, before the caller may dispose them; the place in the queue is that of the call.
    const drafts = Promise.all(entries.map((entry) => draftOf(entry, dtype)));
    drafts.catch(() => undefined); // reported by the catalog, when its turn comes
    return catalog.add(drafts);
  };
  return {
    list: () => catalog.list(),
    has: async (name) => (await catalog.find(name)) !== undefined,
    add: async (given) => (await addAll([given]))[0]!,
    addAll,
    async load(name) {
      const record = await catalog.find(name);
      if (record === undefined) {
        throw new NetSpaceError('NOT_FOUND', `load: expected an instance of the store, got '${name}'; list() has their names`);
      }
      const file = await stored(record);
      return { ...instanceOf(record, file, resolveOrExplain(resolve, record)), record };
    },
    async verify(options = {}) {
      const { signal } = parseOptions('verify', stopOptions, options);
      const records = await catalog.list();
      const problems: StoreProblem[] = [];
      const given = new Map<string, number>();
      for (const [i, record] of records.entries()) {
        await nextTask(); // lets the signal in
        if (signal?.aborted) throw new NetSpaceError('ABORTED', `verify: stopped by its signal after ${i} of ${records.length} instances`);
        try {
          const file = await stored(record);
          const architecture = resolveIfKnown(resolve, record);
          if (architecture === undefined) checkNumbers(record, file.tensors);
          else disposeInstances([instanceOf(record, file, architecture)]);
          const classId = file.metadata[CLASS_ID];
          if (classId !== undefined) given.set(record.name, Number(classId));
        } catch (error) {
          problems.push({ name: record.name, problem: error instanceof Error ? error.message : String(error) });
        }
      }
      const wrong = await catalog.wrongEnd();
      const ends = wrong === undefined ? [] : [{ name: wrong.file, problem: `verify: ${wrong.problem}; ${DAMAGED_ZOO}` }];
      return [...problems, ...contradictions(records, given), ...ends];
    },
  };
}

/**
 * A network as bytes, and what is to be known of it, which `openCatalog` adds. It is the same wherever it is made.
 *
 * @throws NetSpaceError `INVALID_OPTION` if a weight is not finite
 */
export async function draftOf(
  { name, instance, epochs, seed, metrics, classId }: InstanceEntry,
  dtype: 'float32' | 'float16',
): Promise<Draft> {
  const facts = { ...metrics }; // as they are now
  const { name: architecture, parameters } = instance.architecture;
  const tensors = await instanceToRawTensors(instance, { dtype });
  for (const [parameter, raw] of tensors) refuseNonFinite(`add: ${name}`, firstNonFinite(parameter, rawToFloat32(raw), raw.shape));
  const given = classId !== undefined && { [CLASS_ID]: String(classId) };
  const bytes = writeSafetensors(tensors, { metadata: { architecture, name, ...layoutMetadata(instance.architecture), ...given } });
  const record = {
    ...{ name, architecture, parameterCount: parameterCount(parameters), ...(classId !== undefined && { classId }) },
    ...{ epochs, seed, metrics: facts, sha256: await sha256(bytes) },
  };
  return { record, bytes };
}

interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, RawTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

function instanceOf(record: InstanceRecord, { tensors, metadata }: SafetensorsFile, architecture: Architecture): Instance {
  const instance = instanceFromStored(architecture, tensors, metadata);
  try {
    // Only now: a network whose layout an earlier version wrote in another way is refused by its layout.
    checkContent(record, [['parameterCount', String(record.parameterCount), String(parameterCount(architecture.parameters))]]);
  } catch (error) {
    disposeInstances([instance]);
    throw error;
  }
  return instance;
}

/** What can be said of a network without its architecture: how many numbers it has, and that all are finite. */
function checkNumbers(record: InstanceRecord, tensors: ReadonlyMap<string, RawTensor>): void {
  checkContent(record, [['parameterCount', String(record.parameterCount), String(parameterCount([...tensors].map(([name, { shape }]) => ({ name, shape }))))]]); // prettier-ignore
  for (const [parameter, raw] of tensors) refuseNonFinite(`load: ${record.name}`, firstNonFinite(parameter, rawToFloat32(raw), raw.shape));
}

/** The architecture, or nothing if `resolve` knows none of the name; one that it cannot read is a problem of its own. */
function resolveIfKnown(resolve: (name: string) => Architecture, record: InstanceRecord): Architecture | undefined {
  try {
    return resolveOrExplain(resolve, record);
  } catch (error) {
    if (isNetSpaceError(error) && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

function resolveOrExplain(resolve: (name: string) => Architecture, { name, architecture }: InstanceRecord): Architecture {
  try {
    return resolve(architecture);
  } catch (cause) {
    // A resolve that was given says itself what it knows, and why not this one.
    if (isNetSpaceError(cause) && (cause.code !== 'NOT_FOUND' || resolve !== architectureByName))
      throw new NetSpaceError(cause.code, `load: ${name}: ${cause.message}`, { cause });
    throw new NetSpaceError(
      'NOT_FOUND',
      `load: expected a known architecture for ${name}, got ${architecture}; pass openInstanceStore a resolve that finds it`,
      { cause },
    );
  }
}

/** Refuses a file that the manifest takes for another network, such as one of another frequency whose tensors have the same shapes. */
function checkContent(
  { name, file }: InstanceRecord,
  said: readonly (readonly [key: string, manifest: string, actual: string | undefined])[],
): void {
  for (const [key, manifest, actual] of said) {
    if (actual === undefined || actual === manifest) continue; // files that other programs wrote say nothing
    throw new NetSpaceError(
      'CORRUPT_FILE',
      `load: expected ${key} ${manifest} of ${name}, as the manifest says, got ${actual} in ${file}; restore ${MANIFEST_FILE} from a copy, or copy the other networks to a new store (copyInstances, \`netspace zoo filter --out\`)`,
    );
  }
}
