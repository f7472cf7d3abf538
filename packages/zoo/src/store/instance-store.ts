import { instanceToRawTensors, rawToFloat32, readSafetensors, writeSafetensors } from '@netspace/formats';
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
import { instanceFromStored, layoutMetadata } from '../layers-model/earlier.js';
import { sha256 } from './sha256.js';
import { architecturesInOrder, contradictions } from './contradictions.js';
import { checkedEntry, type InstanceEntry } from './instance-entry.js';
import { stopOptions, type StopOptions } from './stop-options.js';
import { oneAtATime, type StoreFiles } from './store-files.js';
import { MANIFEST_FILE, readManifest, writeManifest, type InstanceRecord, type StoreManifest } from './store-manifest.js';

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
});

/** Options of {@link openInstanceStore}. */
export interface InstanceStoreOptions extends GivenBy<typeof instanceStoreOptions> {}

/** What is wrong with an instance of a store. */
export interface StoreProblem {
  readonly name: string;
  readonly problem: string;
}

/** Trained networks as safetensors files, and a manifest that says what each is. */
export interface InstanceStore {
  /** What is there, in the order in which it was added. */
  list(): Promise<readonly InstanceRecord[]>;
  /**
   * Writes an instance's file, then the manifest. Others may read meanwhile; adders of one process take turns.
   *
   * @throws NetSpaceError `INVALID_OPTION` if the name is taken or not a name, a part is unknown, missing or wrong, or a number or
   *   weight is not finite
   */
  add(entry: InstanceEntry): Promise<InstanceRecord>;
  /**
   * Reads an instance and checks its file against the manifest; the caller owns its tensors.
   *
   * @throws NetSpaceError `NOT_FOUND` if there is none of this name or its architecture is unknown, `CORRUPT_FILE` if the file is
   *   not the one that was added
   */
  load(name: string): Promise<Instance & { readonly record: InstanceRecord }>;
  /**
   * Reads everything and says what is wrong; empty if nothing is. Checked are each file's size and hash, what the file itself says of its
   * name, architecture and number of weights, and that ClassIds follow parameter counts.
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
 * @throws NetSpaceError from each method: `UNSUPPORTED` if the store was written by another version, `CORRUPT_FILE` if its manifest
 *   is damaged
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
  const { resolve, dtype } = parseOptions('openInstanceStore', instanceStoreOptions, options);
  const list = async (): Promise<readonly InstanceRecord[]> => (await loadManifest(files)).instances;
  const read = async (record: InstanceRecord): Promise<{ instance: Instance; classId: number | undefined }> => {
    const bytes = await files.read(record.file);
    await checkBytes(record, bytes);
    const { tensors, metadata } = readSafetensors(bytes);
    const architecture = resolveOrExplain(resolve, record);
    checkContent(record, [
      ['name', record.name, metadata['name']],
      ['architecture', record.architecture, metadata['architecture']],
    ]);
    const instance = instanceFromStored(architecture, tensors, metadata);
    try {
      // Only now: a network whose layout an earlier version wrote in another way is refused by its layout.
      checkContent(record, [['parameterCount', String(record.parameterCount), String(parameterCount(architecture.parameters))]]);
    } catch (error) {
      disposeInstances([instance]);
      throw error;
    }
    const given = metadata[CLASS_ID];
    return { instance, classId: given === undefined ? undefined : Number(given) };
  };
  return {
    list,
    async add(given) {
      const entry = checkedEntry(given);
      const { name, epochs, seed, classId } = entry;
      const metrics = { ...entry.metrics };
      const { architecture } = entry.instance;
      // Reads the tensors at once, before the caller may dispose them; the place in the queue is that of the call.
      const serialized = serialize(entry, dtype);
      serialized.catch(() => undefined); // reported by the task below, when its turn comes
      return oneAtATime(files, async () => {
        const { bytes, hash } = await serialized;
        const manifest = await loadManifest(files);
        if (manifest.instances.some((other) => other.name === name)) {
          throw new NetSpaceError('INVALID_OPTION', `add: expected a new name, got ${name}, which is in the store; choose another`);
        }
        // The hash in the path: no adder ever overwrites a file that a manifest names, not even one that was interrupted.
        const file = `instances/${name}-${hash.slice(0, 12)}.safetensors`;
        const record: InstanceRecord = {
          ...{ name, architecture: architecture.name, parameterCount: parameterCount(architecture.parameters) },
          ...{ classId: classId ?? 0, epochs, seed, metrics, file, sha256: hash, bytes: bytes.length },
        };
        const records = [...manifest.instances, record];
        const instances = classId === undefined ? numberClasses(records) : records;
        await files.write(file, bytes);
        await files.write(MANIFEST_FILE, writeManifest({ schemaVersion: 1, instances }));
        return instances.at(-1) ?? record;
      });
    },
    async load(name) {
      const record = (await list()).find((other) => other.name === name);
      if (record === undefined) {
        throw new NetSpaceError('NOT_FOUND', `load: expected an instance of the store, got '${name}'; list() has their names`);
      }
      return { ...(await read(record)).instance, record };
    },
    async verify(options = {}) {
      const { signal } = parseOptions('verify', stopOptions, options);
      const records = await list();
      const problems: StoreProblem[] = [];
      const given = new Map<string, number>();
      for (const [i, record] of records.entries()) {
        await nextTask(); // lets the signal in
        if (signal?.aborted) throw new NetSpaceError('ABORTED', `verify: stopped by its signal after ${i} of ${records.length} instances`);
        try {
          const { instance, classId } = await read(record);
          disposeInstances([instance]);
          if (classId !== undefined) given.set(record.name, classId);
        } catch (error) {
          problems.push({ name: record.name, problem: error instanceof Error ? error.message : String(error) });
        }
      }
      return [...problems, ...contradictions(records, given)];
    },
  };
}

/** In a file's metadata: the ClassId that was given by hand, instead of numbered by parameter count. */
const CLASS_ID = 'classId';

async function serialize(
  { name, instance, classId }: InstanceEntry,
  dtype: 'float32' | 'float16',
): Promise<{ bytes: Uint8Array; hash: string }> {
  const tensors = await instanceToRawTensors(instance, { dtype });
  for (const [parameter, raw] of tensors) refuseNonFinite(`add: ${name}`, firstNonFinite(parameter, rawToFloat32(raw), raw.shape));
  const bytes = writeSafetensors(tensors, {
    metadata: {
      ...{ architecture: instance.architecture.name, name, ...layoutMetadata(instance.architecture) },
      ...(classId !== undefined && { [CLASS_ID]: String(classId) }),
    },
  });
  return { bytes, hash: await sha256(bytes) };
}

async function loadManifest(files: StoreFiles): Promise<StoreManifest> {
  try {
    return readManifest(await files.read(MANIFEST_FILE));
  } catch (error) {
    if (isNetSpaceError(error) && error.code === 'NOT_FOUND') return { schemaVersion: 1, instances: [] };
    throw error;
  }
}

/** ClassId = index of the architecture in order of parameter count, of equals by name. */
function numberClasses(records: readonly InstanceRecord[]): InstanceRecord[] {
  const order = architecturesInOrder(records);
  return records.map((record) => ({ ...record, classId: order.indexOf(record.architecture) }));
}

function resolveOrExplain(resolve: (name: string) => Architecture, { name, architecture }: InstanceRecord): Architecture {
  try {
    return resolve(architecture);
  } catch (cause) {
    throw new NetSpaceError(
      'NOT_FOUND',
      `load: expected a known architecture for ${name}, got ${architecture}; pass openInstanceStore a resolve that finds it`,
      { cause },
    );
  }
}

async function checkBytes({ name, file, bytes: size, sha256: hash }: InstanceRecord, bytes: Uint8Array): Promise<void> {
  if (bytes.length !== size) {
    throw new NetSpaceError(
      'CORRUPT_FILE',
      `load: expected ${size} bytes in ${file} of ${name}, got ${bytes.length}; add the instance again`,
    );
  }
  const got = await sha256(bytes);
  if (got !== hash) {
    throw new NetSpaceError('CORRUPT_FILE', `load: expected SHA-256 ${hash} of ${file} of ${name}, got ${got}; add the instance again`);
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
      `load: expected ${key} ${manifest} of ${name}, as the manifest says, got ${actual} in ${file}; restore ${MANIFEST_FILE} from a copy, or add the instance again`,
    );
  }
}
