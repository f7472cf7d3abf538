import { NetSpaceError } from '@netspace/prep';
import { count, objectOf, optional, parseOptions } from '@netspace/prep/internal';
import { type ImageDataset, subsetDataset } from '@netspace/zoo';

import type { DatasetSplit } from './dataset-split.js';

/** Which images of a data set are used. */
const imagePart = objectOf({
  /** Only the first so many images of the training half. */
  train: optional(count),
  /** Only the first so many images of the test half. */
  test: optional(count),
  /** Every so-manieth image of the training half, the first among them, is left out: it is kept to choose settings by. */
  validation: optional(count),
});

/** The name of a data set of images without `#train=N#test=N#validation=N` behind it, and what that leaves of a half. */
export function withoutImagePart(spec: string) {
  const [settings = ''] = /(#[^#=]*=\d+)+$/.exec(spec) ?? [];
  const { train, test, validation } = parseOptions(spec, imagePart, Object.fromEntries(settings.split('#').slice(1).map(settingOf))); // prettier-ignore
  return {
    name: spec.slice(0, spec.length - settings.length),
    of(dataset: ImageDataset, split: DatasetSplit): ImageDataset {
      const first = split === 'train' ? train : test;
      const every = split === 'train' ? validation : undefined;
      if (first === undefined && every === undefined) return dataset;
      if (first !== undefined && first > dataset.count) throw new NetSpaceError('INVALID_OPTION', `${spec}: expected at most the ${dataset.count} images of ${dataset.name}, got ${first}; leave #${split}= out for all`); // prettier-ignore
      const indices = [...Array(first ?? dataset.count).keys()];
      return subsetDataset(dataset, every === undefined ? indices : indices.filter((i) => i % every !== 0));
    },
  };
}

const settingOf = (word: string): readonly [string, number] => {
  const [key = '', value] = word.split('=');
  return [key, Number(value)];
};
