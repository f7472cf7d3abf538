import { type Architecture, NetSpaceError } from '@netspace/prep';
import { architectureByName, type InstanceStore, openInstanceStore, type StoreFiles } from '@netspace/zoo';
import { MANIFEST_LIMITS } from '@netspace/zoo/internal';

import { FOLDER_LIMITS } from '../../folder/limits.js';
import type { FolderFiles } from '../files/folder-files.js';

/**
 * The networks whose weights a folder has; each is downloaded when it is looked at.
 *
 * @param architectures of the space, once it is there
 */
export function openZoo(files: FolderFiles, manifest: string, architectures: () => readonly Architecture[]): InstanceStore {
  const folder = manifest.slice(0, manifest.lastIndexOf('/') + 1);
  const isManifest = (path: string): boolean => folder + path === manifest;
  let index: Promise<Uint8Array> | undefined;
  const resolve = (name: string): Architecture => architectures().find((one) => one.name === name) ?? architectureByName(name);
  const from: StoreFiles = {
    read(path) {
      if (!isManifest(path)) return files.read(folder + path, { limit: FOLDER_LIMITS.networkBytes });
      index ??= files.read(manifest, { limit: MANIFEST_LIMITS.bytes });
      return index;
    },
    write(path) {
      return Promise.reject(new NetSpaceError('UNSUPPORTED', `explorer: expected only to read ${path}`));
    },
  };
  return openInstanceStore(from, { resolve });
}
