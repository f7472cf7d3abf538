import { readCheckpoint, type RawTensor } from '@netspace/formats';
import { isNetSpaceError, NetSpaceError } from '@netspace/prep';

import { readBytes } from '../cli/files/instance-file.js';

/** The tensors of a checkpoint; its errors say of which file they are. */
export async function readTensors(path: string): Promise<ReadonlyMap<string, RawTensor>> {
  const bytes = await readBytes(path);
  try {
    return readCheckpoint(bytes);
  } catch (error) {
    if (!isNetSpaceError(error)) throw error;
    throw new NetSpaceError(error.code, `${path}: ${error.message}`, { cause: error });
  }
}
