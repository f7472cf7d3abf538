import { basename, join } from 'node:path';

import { NetSpaceError } from '@netspace/prep';
import { type GivenBy, objectOf, oneOf, parseOptions, withDefault } from '@netspace/prep/internal';
import { concatDatasets, parseCifar10, type ImageDataset } from '@netspace/zoo';

import { folderNames, kindOfPath, readBytes } from './read-file.js';

const FILE_LIMIT = 400_000_000; // the whole official set has 184 MB
const EXPECTED = "CIFAR-10's binary version (a folder with data_batch_*.bin and test_batch.bin, or one .bin file)";

/** See {@link LoadCifar10Options}. */
export const loadCifar10Options = objectOf({
  /**
   * The files of a folder to read. A single file is always read completely.
   * @default 'train'
   */
  split: withDefault(oneOf(['train', 'test']), 'train'),
});

/** Options of {@link loadCifar10}. */
export interface LoadCifar10Options extends GivenBy<typeof loadCifar10Options> {}

/**
 * Loads CIFAR-10 in its binary layout, as many records and batch files as there are.
 *
 * @param path a folder with `data_batch_*.bin` and `test_batch.bin`, or one `.bin` file
 * @returns images of shape `[32, 32, 3]` in the order of the files
 * @throws NetSpaceError `NOT_FOUND` if nothing is there, `CORRUPT_FILE` if a file is not CIFAR-10, `LIMIT_EXCEEDED` if it is far too large
 * @see https://www.cs.toronto.edu/~kriz/cifar.html
 * @example
 * ```ts no-run
 * import { loadCifar10 } from '@netspace/node';
 *
 * const train = await loadCifar10('data/cifar-10-batches-bin');
 * const test = await loadCifar10('data/cifar-10-batches-bin', { split: 'test' });
 * ```
 */
export async function loadCifar10(path: string, options: LoadCifar10Options = {}): Promise<ImageDataset> {
  const { split } = parseOptions('loadCifar10', loadCifar10Options, options);
  const request = { caller: 'loadCifar10', expected: EXPECTED };
  const load = async (file: string, name: string): Promise<ImageDataset> =>
    parseCifar10(await readBytes(file, { ...request, limit: FILE_LIMIT }), { name });

  if ((await kindOfPath(path, request)) === 'file') return load(path, `cifar10-${basename(path, '.bin')}`);
  const pattern = split === 'train' ? /^data_batch_\d+\.bin$/ : /^test_batch\.bin$/;
  const files = (await folderNames(path, request)).filter((name) => pattern.test(name));
  if (files.length === 0) {
    throw new NetSpaceError('NOT_FOUND', `loadCifar10: expected ${EXPECTED} at ${path}, got a folder without files of the ${split} split`);
  }
  const parts = [];
  for (const file of files) parts.push(await load(join(path, file), `cifar10-${file}`));
  return concatDatasets(parts, { name: `cifar10-${split}` });
}
