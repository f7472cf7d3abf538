import { NetSpace } from '@netspace/model';
import { architectureByName } from '@netspace/zoo';

import { fileHandler } from '../../files/file-handler.js';

/** Loads the space in a folder; its architectures are found by their zoo names. */
export const openSpace = (folder: string): Promise<NetSpace> =>
  NetSpace.load(fileHandler(folder), { architectures: (name) => architectureByName(name) });
