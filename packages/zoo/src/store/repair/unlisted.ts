import { NetSpaceError } from '@netspace/prep';

import { DAMAGED_ZOO } from './damaged-zoo.js';
import { segmentFile, shardFile } from '../log/segment.js';
import { bytesAt, type StoreFiles } from '../files/store-files.js';
import { MANIFEST_FILE } from '../store-manifest.js';

/** Folders of a zoo, and the names of what they hold; a killed writer's drafts have others. */
const HELD = {
  index: /^\d{6,}\.jsonl$/,
  shards: /^\d{6,}\.bin$/,
  instances: /\.safetensors$/,
};

/**
 * Files of a zoo, in order of their paths.
 *
 * @returns the first ones of index and shards at most, if the files cannot be listed
 */
export async function heldFiles(files: StoreFiles, folders: readonly (keyof typeof HELD)[]): Promise<readonly string[]> {
  if (files.list === undefined) {
    const first = [...(folders.includes('index') ? [segmentFile(0)] : []), ...(folders.includes('shards') ? [shardFile(0)] : [])];
    const there = await Promise.all(first.map(async (file) => ((await bytesAt(files, file, 0, 1)).length > 0 ? [file] : [])));
    return there.flat();
  }
  const names = await Promise.all(
    folders.map(async (folder) => (await files.list!(folder)).filter((name) => HELD[folder].test(name)).map((name) => `${folder}/${name}`)),
  );
  return names.flat().sort();
}

/**
 * Refuses a zoo that has no `manifest.json` and is not empty: it is half a copy, or has lost it. A first adder writes one before anything else.
 *
 * @returns the manifest of an adder who began since it was looked for; undefined for an empty zoo
 * @throws NetSpaceError `CORRUPT_FILE` naming a file that is there
 */
export async function listedMeanwhile(
  files: StoreFiles,
  manifestBytes: (files: StoreFiles) => Promise<Uint8Array | undefined>,
): Promise<Uint8Array | undefined> {
  const [file] = await heldFiles(files, ['index', 'shards', 'instances']);
  const bytes = file === undefined ? undefined : await manifestBytes(files);
  if (file === undefined || bytes !== undefined) return bytes;
  throw new NetSpaceError(
    'CORRUPT_FILE',
    `openInstanceStore: expected ${MANIFEST_FILE}, since there is ${file}, got none: the zoo is half a copy; ${DAMAGED_ZOO}, or name another folder`,
  );
}
