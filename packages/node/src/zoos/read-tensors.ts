import { readCheckpoint, type RawTensor } from '@netspace/formats';

import { readBytes } from '../cli/files/instance-file.js';
import { ofFile } from '../files/of-file.js';

/** The tensors of a checkpoint; its errors say of which file they are. */
export async function readTensors(path: string): Promise<ReadonlyMap<string, RawTensor>> {
  const bytes = await readBytes(path);
  return ofFile(path, () => readCheckpoint(bytes));
}
