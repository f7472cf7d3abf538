import { isAbsolute, join } from 'node:path';

import { NetSpaceError } from '@netspace/prep';
import { objectOf, parseOptions } from '@netspace/prep/internal';
import type { TensorDataset } from '@netspace/zoo';

import type { DatasetSplit } from './dataset-split.js';
import { isTensorFile, loadTensors, loadTensorsOptions } from './load-tensors.js';

/** A file of tensors that the command line names, not yet read. */
export interface TensorSource {
  readonly kind: 'tensors';
  /** Reads the tensors; a file that says nothing of halves is both at once. */
  load(split: DatasetSplit): Promise<TensorDataset>;
}

/** The half in a path: `data/{split}.npz` is `data/train.npz` and `data/test.npz`. */
const SPLIT = '{split}';

const pathOf = (spec: string): string => spec.split('#', 1)[0]!;

/** Whether a data set is named by a file of tensors. */
export const isTensorSpec = (spec: string): boolean => isTensorFile(pathOf(spec));

/** The same file as seen from the folder of the process, if a config in another folder names it. */
export const tensorSpecFrom = (spec: string, folder: string): string =>
  isTensorSpec(spec) && !isAbsolute(spec) ? join(folder, pathOf(spec)) + spec.slice(pathOf(spec).length) : spec;

/**
 * Reads the name of a file of tensors: `PATH#key=value#key=value`, with the options of `loadTensors` as keys and commas in lists.
 *
 * @throws NetSpaceError `INVALID_OPTION` for an option that is unknown or wrong
 */
export function parseTensorSpec(spec: string): TensorSource {
  const path = pathOf(spec);
  const settings = spec.slice(path.length).split('#').filter((word) => word !== ''); // prettier-ignore
  const options = parseOptions(spec, specOptions, Object.fromEntries(settings.map(settingOf)));
  return {
    kind: 'tensors',
    load: (split) => loadTensors(path.replaceAll(SPLIT, split), path.includes(SPLIT) ? options : { ...options, split }),
  };
}

/** The half is the command's to choose. */
const { split: _, ...specEntries } = loadTensorsOptions.entries;
const specOptions = objectOf(specEntries);

const NUMBERS = ['shape', 'mean', 'std'];
const LISTS = ['inputs', 'targets'];

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
