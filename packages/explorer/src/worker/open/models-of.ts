import { type Architecture, isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { isModelName } from '@netspace/zoo/internal';

import { FOLDER_LIMITS } from '../../folder/limits.js';
import type { FolderFiles, ReadOptions } from '../files/folder-files.js';

/**
 * Reads the layers of a space's architectures that files of a `tf.LayersModel` gave: they lie beside it, without weights. One that is not there is
 * left out.
 *
 * @param folder of the space, with the slash at its end
 * @returns makes the architectures, when a backend has begun
 * @throws NetSpaceError as `FolderFiles.read`; later `CORRUPT_FILE` if the layers are not those of their name
 */
export async function modelsOf(
  files: FolderFiles,
  folder: string,
  names: readonly string[],
  options: Omit<ReadOptions, 'limit'>,
): Promise<() => Promise<ReadonlyMap<string, Architecture>>> {
  const found = new Map<string, Uint8Array>();
  for (const name of names.filter(isModelName)) {
    const bytes = await files.read(`${folder}architectures/${name}.json`, { ...options, limit: FOLDER_LIMITS.networkBytes }).catch((error: unknown) => {
      if (isNetSpaceError(error) && (error as NetSpaceError).code === 'NOT_FOUND') return undefined;
      throw error;
    }); // prettier-ignore
    if (bytes !== undefined) found.set(name, bytes);
  }
  return async () => {
    const made = new Map<string, Architecture>();
    for (const [name, bytes] of found) {
      const { architectureFromModelFile } = await import('../calls/bring.js');
      const layers = await import('../bring/layers.js');
      const architecture = await architectureFromModelFile(bytes, layers);
      if (architecture.name !== name) {
        throw new NetSpaceError('CORRUPT_FILE', `open: expected the layers of ${name} in ${folder}architectures/${name}.json, got those of ${architecture.name}; export the space again`); // prettier-ignore
      }
      made.set(name, architecture);
    }
    return made;
  };
}
