import { type Architecture, isNetSpaceError, NetSpaceError } from '@netspace/prep';

import { FOLDER_LIMITS } from '../../folder/limits.js';
import type { FolderFiles, ReadOptions } from '../files/folder-files.js';

/**
 * The architectures of a space that ONNX files gave: their graphs lie beside it. One whose graph is not there is left out.
 *
 * @param folder of the space, with the slash at its end
 * @throws NetSpaceError `CORRUPT_FILE` if a graph is not that of its name; as `FolderFiles.read` and `architectureFromOnnx`
 */
export async function graphsOf(
  files: FolderFiles,
  folder: string,
  names: readonly string[],
  options: Omit<ReadOptions, 'limit'>,
): Promise<ReadonlyMap<string, Architecture>> {
  const found = new Map<string, Architecture>();
  for (const name of names.filter((one) => /^onnx-[0-9a-f]{13}$/.test(one))) {
    const path = `${folder}architectures/${name}.onnx`;
    const bytes = await files.read(path, { ...options, limit: FOLDER_LIMITS.networkBytes }).catch((error: unknown) => {
      if (isNetSpaceError(error) && (error as NetSpaceError).code === 'NOT_FOUND') return undefined;
      throw error;
    });
    if (bytes === undefined) continue;
    const { architectureFromGraphFile } = await import('./onnx.js');
    const architecture = architectureFromGraphFile(bytes);
    if (architecture.name !== name) {
      throw new NetSpaceError('CORRUPT_FILE', `open: expected the graph of ${name} in ${path}, got that of ${architecture.name}; export the space again`); // prettier-ignore
    }
    found.set(name, architecture);
  }
  return found;
}
