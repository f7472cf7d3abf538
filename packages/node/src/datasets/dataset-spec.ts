import { NetSpaceError } from '@netspace/prep';
import { nearestWord } from '@netspace/prep/internal';
import { shrinkDataset, type ImageDataset } from '@netspace/zoo';

import type { DatasetSplit } from './dataset-split.js';
import { loadCifar10 } from './load-cifar10.js';
import { loadMnist } from './load-mnist.js';
import { withoutImagePart } from './image-part.js';
import { loadTinyImageNet } from './load-tiny-imagenet.js';
import { isRandomSpec, parseRandomSpec } from './random-inputs.js';
import { isTensorSpec, parseTensorSpec, type TensorSource } from './tensor-spec.js';

/** A data set named on the command line, not yet read. */
export interface DatasetSource {
  readonly kind: 'mnist' | 'cifar10' | 'tiny-imagenet';
  /** Reads the images; a single `.bin` file of CIFAR-10 is both splits at once. */
  load(split: DatasetSplit): Promise<ImageDataset>;
}

/** Names of data sets at a fraction of their size. */
const SMALLER: ReadonlyMap<string, readonly [whole: string, factor: number]> = new Map([
  ['cifar10-16', ['cifar10', 2]],
  ['tiny-imagenet-32', ['tiny-imagenet', 2]],
  ['tiny-imagenet-16', ['tiny-imagenet', 4]],
]);

/** What is named with a folder behind it: `cifar10:PATH`. */
export const IMAGE_FOLDERS: readonly string[] = ['cifar10', 'tiny-imagenet', ...SMALLER.keys()];

/**
 * Reads the names of data sets that commands and config files take: `mnist`, `cifar10:PATH` (a folder or one `.bin` file) or
 * `tiny-imagenet:PATH` (a folder). `cifar10-16:PATH` and `tiny-imagenet-32:PATH` are the same at half their height and width,
 * `tiny-imagenet-16:PATH` at a quarter. `#train=N` and `#test=N` behind images take the first N of a half, and `#validation=10` leaves every tenth image
 * of the training half out. The path of a file of tensors, such as `train.npz` or `houses.csv#targets=price`, has the options of `loadTensors`
 * behind it. `normal:28x28x1` and `uniform:4#low=0` are random inputs of a shape.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the name has another form; `load` throws what the loaders throw, such as `NOT_FOUND`
 * @example
 * ```ts
 * import { parseDatasetSpec } from '@netspace/node';
 *
 * console.log(parseDatasetSpec('cifar10:data/cifar-10-batches-bin').kind); // cifar10
 * ```
 */
export function parseDatasetSpec(spec: string): DatasetSource | TensorSource {
  if (isRandomSpec(spec)) {
    const draw = parseRandomSpec(spec);
    return { kind: 'tensors', load: (split) => Promise.resolve(draw(split)) };
  }
  if (isTensorSpec(spec)) return parseTensorSpec(spec);
  const part = withoutImagePart(spec);
  const source = imagesOf(part.name);
  return { kind: source.kind, load: async (split) => part.of(await source.load(split), split) };
}

function imagesOf(spec: string): DatasetSource {
  const [, kind, path] = /^([^:]*)(?::(.+))?$/s.exec(spec) ?? [];
  if (kind === 'mnist' && path === undefined) {
    return { kind, load: async (split) => (await loadMnist())[split] };
  }
  if (kind === 'cifar10' && path !== undefined) {
    return { kind, load: (split) => loadCifar10(path, { split }) };
  }
  if (kind === 'tiny-imagenet' && path !== undefined) {
    return { kind, load: (split) => loadTinyImageNet(path, { split: split === 'train' ? 'train' : 'val' }) };
  }
  const smaller = SMALLER.get(kind ?? '');
  if (smaller !== undefined && path !== undefined) {
    const [whole, factor] = smaller;
    const source = imagesOf(`${whole}:${path}`);
    return { kind: source.kind, load: async (split) => shrinkDataset(await source.load(split), factor, { name: `${kind}-${split}` }) };
  }
  const near = nearestWord(kind ?? '', ['mnist', 'cifar10', 'tiny-imagenet', ...SMALLER.keys()]);
  const meant = near === undefined || near === kind ? '' : `; did you mean ${near}?`;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `parseDatasetSpec: expected mnist, cifar10:PATH (a folder or one .bin file), tiny-imagenet:PATH (a folder), a file of tensors (.npz, .npy, .csv, .safetensors), or normal:SHAPE, got ${JSON.stringify(spec)}${meant}`,
  );
}
