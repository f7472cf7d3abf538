import { NetSpaceError } from '@netspace/prep';
import { objectOf, parseOptions } from '@netspace/prep/internal';
import type { TensorDataset } from '@netspace/zoo';

import type { DatasetSplit } from './dataset-split.js';
import { isMissing } from '../files/file-problem.js';
import { csvNames } from './csv-tensors.js';
import { isTensorFile, loadTensors, loadTensorsOptions } from './load-tensors.js';
import { isRandomSpec } from './random-inputs.js';

/** A file of tensors that the command line names, not yet read. */
export interface TensorSource {
  readonly kind: 'tensors';
  /** Reads the tensors; a file that says nothing of halves is both at once. */
  load(split: DatasetSplit): Promise<TensorDataset>;
}

/** The half in a path: `data/{split}.npz` is `data/train.npz` and `data/test.npz`. */
const SPLIT = '{split}';

/** The path in the name of a file of tensors. */
export const tensorPathOf = (spec: string): string => spec.split('#', 1)[0]!;

/** The files that a path names, which may have two halves. */
export const bothHalves = (path: string): readonly string[] => (['train', 'test'] as const).map((split) => path.replaceAll(SPLIT, split));

/** Whether a data set is of tensors: named by a file, or drawn. */
export const isTensorSpec = (spec: string): boolean => isRandomSpec(spec) || isTensorFile(tensorPathOf(spec));

/**
 * Reads the name of a file of tensors: `PATH#key=value#key=value`, with the options of `loadTensors` as keys and commas in lists.
 *
 * @throws NetSpaceError `INVALID_OPTION` for an option that is unknown or wrong
 */
export function parseTensorSpec(spec: string): TensorSource {
  const path = tensorPathOf(spec);
  const settings = spec.slice(path.length).split('#').filter((word) => word !== ''); // prettier-ignore
  const options = parseOptions(spec, specOptions, Object.fromEntries(settings.map(settingOf)));
  return {
    kind: 'tensors',
    async load(split) {
      if (!path.includes(SPLIT)) return loadTensors(path, { ...options, split });
      const dataset = await loadTensors(path.replaceAll(SPLIT, split), options);
      if (options.inputs === undefined && /\.csv(\.gz)?$/i.test(path)) await checkColumnsAlike(path);
      return dataset;
    },
  };
}

/** Refuses two tables whose columns have another order: the inputs of one would be fed as others. */
async function checkColumnsAlike(path: string): Promise<void> {
  const [train, test] = await Promise.all(bothHalves(path).map(namesOf));
  const [one, other] = train!.length === test!.length ? [train!, test!] : [common(train!, test!), common(test!, train!)];
  const at = one.findIndex((name, i) => name !== other[i]);
  if (at < 0) return;
  throw new NetSpaceError('SHAPE_MISMATCH', `expected the columns of ${path} in one order in both files, got ${one[at]} in one where the other has ${other[at]}; name the columns that are inputs: inputs=A,B`); // prettier-ignore
}

const common = (names: readonly string[], others: readonly string[]): readonly string[] => names.filter((name) => others.includes(name));

/** The names of the columns of a table, none if it is not there: one half is often all there is. */
const namesOf = (path: string): Promise<readonly string[]> =>
  csvNames('loadTensors', path).catch((error: unknown) => {
    if (isMissing(error) || (error instanceof NetSpaceError && isMissing(error.cause))) return [];
    throw error;
  });

/** The half is the command's to choose. */
const { split: _, ...specEntries } = loadTensorsOptions.entries;
const specOptions = objectOf(specEntries);

const NUMBERS = ['shape', 'mean', 'std'];
const LISTS = ['inputs', 'targets', 'feeds'];

function settingOf(word: string): readonly [string, unknown] {
  const [, key, value] = /^([^=]*)=(.+)$/s.exec(word) ?? [];
  if (key === undefined || value === undefined) {
    throw new NetSpaceError('INVALID_OPTION', `expected PATH#key=value, such as train.csv#targets=price, got #${word}; give it a value`);
  }
  const parts = value.split(',').map((part) => part.trim());
  if (NUMBERS.includes(key)) return [key, parts.map(numberOr)];
  if (key === 'classes') return [key, numberOr(value)];
  return [key, LISTS.includes(key) && parts.length > 1 ? parts : value];
}

const numberOr = (text: string): number | string => (text !== '' && Number.isFinite(Number(text)) ? Number(text) : text);
