import type { Architecture } from '@netspace/prep';
import { type GivenBy, objectOf, parseOptions } from '@netspace/prep/internal';
import { type InstanceEntry, type InstanceStore, openInstanceStore } from '@netspace/zoo';
import { instanceStoreOptions } from '@netspace/zoo/internal';

import { filesAt } from '../files/files-at.js';
import { architecturesIn, isFileName, keepArchitectures } from './architectures-in.js';

const { resolve: _, ...entries } = instanceStoreOptions.entries;
/** See {@link OpenZooFolderOptions}. */
export const openZooFolderOptions = objectOf(entries);

/** Options of {@link openZooFolder}: how numbers are written, and how a new store is kept. */
export interface OpenZooFolderOptions extends GivenBy<typeof openZooFolderOptions> {}

/**
 * The zoo in a folder, which also knows architectures that were made of ONNX files, or of the file of a `tf.LayersModel`: their graphs lie beside the networks.
 *
 * @param folder made when the first network is added; or a part of a bucket, such as `s3://bucket/zoo`, see `s3Files`
 * @throws NetSpaceError `INVALID_OPTION` for options that are unknown or wrong; as `architecturesIn`, and from each method as `openInstanceStore`
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { openZooFolder } from '@netspace/node';
 *
 * const store = await openZooFolder(await mkdtemp(join(tmpdir(), 'zoo-')));
 * console.log((await store.list()).length); // 0
 * ```
 */
export async function openZooFolder(folder: string, options: OpenZooFolderOptions = {}): Promise<InstanceStore> {
  const used = parseOptions('openZooFolder', openZooFolderOptions, options);
  const find = await architecturesIn(folder);
  const added = new Map<string, Architecture>();
  const store = openInstanceStore(filesAt(folder), { ...used, resolve: (name) => added.get(name) ?? find(name) });
  const keepGraphsOf = async (architectures: readonly Architecture[]): Promise<void> => {
    await keepArchitectures(folder, architectures);
    for (const architecture of architectures) added.set(architecture.name, architecture);
  };
  /** Those of entries whose graphs are to be kept; what is wrong with an entry, the store says. */
  const strange = (entries: readonly InstanceEntry[]): readonly Architecture[] => {
    const all = new Set([entries].flat().flatMap((entry: Partial<InstanceEntry> | undefined) => entry?.instance?.architecture ?? []));
    return [...all].filter((architecture) => isFileName(architecture.name) && !added.has(architecture.name));
  };
  const addAll: InstanceStore['addAll'] = async (entries) => {
    const architectures = strange(entries);
    if (architectures.length > 0) await keepGraphsOf(architectures); // first: no network is there without its graph
    return store.addAll(entries);
  };
  return { ...store, addAll, add: async (entry) => (strange([entry]).length === 0 ? store.add(entry) : (await addAll([entry]))[0]!) };
}
