import { readNpy, readNpz, readSafetensors, type RawTensor } from '@netspace/formats';
import { NetSpaceError } from '@netspace/prep';
import { type GivenBy, objectOf, parseOptions } from '@netspace/prep/internal';
import { datasetFromTensors, type TensorDataset } from '@netspace/zoo';
import { datasetFromTensorsOptions } from '@netspace/zoo/internal';

import { fileProblem, isMissing } from '../files/file-problem.js';
import { ofFile } from '../files/of-file.js';
import { FILE_LIMITS, readRegularFile } from '../files/read-regular-file.js';
import { csvTensors } from './csv-tensors.js';

const { name: _, ...entries } = datasetFromTensorsOptions.entries;
/** See {@link LoadTensorsOptions}. */
export const loadTensorsOptions = objectOf(entries);

/** Options of {@link loadTensors}: which tensors, or columns, are what, and how inputs are scaled. */
export interface LoadTensorsOptions extends GivenBy<typeof loadTensorsOptions> {}

/** Whether a path is that of a file of tensors. */
export const isTensorFile = (path: string): boolean => /\.(npz|npy|csv|csv\.gz|safetensors)$/i.test(path);

/**
 * Reads a data set from a file of tensors: `.npz`, `.npy`, `.safetensors`, or the columns of a `.csv` table with a line of names.
 *
 * @throws NetSpaceError as `datasetFromTensors` and the readers of files; `INVALID_OPTION` for a column of texts, or another kind of file
 * @example
 * ```ts
 * import { mkdtemp, writeFile } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { loadTensors } from '@netspace/node';
 *
 * const path = join(await mkdtemp(join(tmpdir(), 'data-')), 'houses.csv');
 * await writeFile(path, 'rooms,area,price\n3,70,200\n5,120,410\n');
 * const { count, shape, targetShape } = await loadTensors(path, { targets: 'price' });
 * console.log(count, shape, targetShape); // 2 [ 2 ] [ 1 ]
 * ```
 */
export async function loadTensors(path: string, options: LoadTensorsOptions = {}): Promise<TensorDataset> {
  const used = parseOptions('loadTensors', loadTensorsOptions, options);
  const name = path.replace(/^.*[/\\]/s, '');
  if (/\.csv(\.gz)?$/i.test(path)) {
    const { tensors, noNumbers } = await csvTensors('loadTensors', path).catch((error: unknown) => {
      throw missingOr(path, error);
    });
    refuseUnnamed(path, [...tensors.keys(), ...noNumbers.keys()], used);
    refuseTexts(path, noNumbers, used);
    return ofFile(path, () => datasetFromTensors(tensors, { ...given(used), name }));
  }
  const read = readerOf(path);
  const bytes = await readRegularFile('loadTensors', path, FILE_LIMITS.weights).catch((error: unknown) => {
    throw missingOr(path, error);
  });
  return ofFile(path, () => datasetFromTensors(read(bytes), { ...given(used), name }));
}

/** A file that is not there, in words; any other problem as it is. */
const missingOr = (path: string, error: unknown): unknown =>
  isMissing(error)
    ? new NetSpaceError('NOT_FOUND', `loadTensors: expected a file of tensors at ${path}, got no such file; check the path`, {
        cause: error,
      })
    : fileProblem('loadTensors', path, error);

function readerOf(path: string): (bytes: Uint8Array) => ReadonlyMap<string, RawTensor> {
  if (/\.npz$/i.test(path)) return readNpz;
  if (/\.npy$/i.test(path)) return (bytes) => new Map([['inputs', readNpy(bytes)]]);
  if (/\.safetensors$/i.test(path)) return (bytes) => readSafetensors(bytes).tensors;
  throw new NetSpaceError('INVALID_OPTION', `loadTensors: expected a file that ends in .npz, .npy, .safetensors, .csv or .csv.gz, got ${path}; save it as one of them`); // prettier-ignore
}

/** A column without a name, as pandas writes its index, is no input unless all inputs are named. */
function refuseUnnamed(path: string, names: readonly string[], { inputs }: LoadTensorsOptions): void {
  if (inputs !== undefined || !names.includes('')) return;
  throw new NetSpaceError('INVALID_OPTION', `loadTensors: expected a name for each column of ${path}, got one without; an index is left out by to_csv(index=False), or name the columns that are inputs (inputs=A,B)`); // prettier-ignore
}

/** Columns without numbers are refused where they are wanted; all are, where nobody says which are inputs. */
function refuseTexts(path: string, noNumbers: ReadonlyMap<string, string>, { inputs, labels, targets }: LoadTensorsOptions): void {
  const wanted = [inputs, labels, targets].flat().filter((one) => one !== undefined);
  const wrong = inputs === undefined ? [...noNumbers.keys()][0] : wanted.find((name) => noNumbers.has(name));
  if (wrong === undefined) return;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `loadTensors: expected finite numbers in column ${wrong} of ${path}, got ${noNumbers.get(wrong)}; number classes from 0, fill in what is missing, or name the columns that are inputs (inputs=A,B) without it`,
  );
}

/** Without the keys that are undefined. */
const given = (used: LoadTensorsOptions): LoadTensorsOptions => Object.fromEntries(Object.entries(used).filter(([, value]) => value !== undefined)); // prettier-ignore
