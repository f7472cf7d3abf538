import { type RawTensor, rawToFloat32 } from '@netspace/formats';
import { NetSpaceError } from '@netspace/prep';
import { choose, count, finite, type GivenBy, listOf, objectOf, oneOf, optional, parseOptions, text, type UsedBy, withDefault } from '@netspace/prep/internal'; // prettier-ignore

import { labelArray } from '../image-dataset.js';
import { findNames, usualLabels } from './tensor-names.js';
import { CALLER, oneInput, tableOf, type Tensors, wholeNumbers } from './input-table.js';
import { sideBySide } from './side-by-side.js';
import { createTensorDataset, type TensorDataset } from './tensor-dataset.js';

const names = choose('a name, or a list of names', (given) => (Array.isArray(given) ? listOf(text, 'a list of names', 1) : text));
const numbers = listOf(finite, 'one number, or one for each channel', 1);

/** See {@link DatasetFromTensorsOptions}. */
export const datasetFromTensorsOptions = objectOf({
  /** Name of the data set, for reports. */
  name: text,
  /**
   * Name of the tensor of inputs, `[N, …]`; or names of several `[N]`, which are the columns of a table.
   * @default the one that is called `inputs`, `x`, `images` or `coordinates`; or all that are neither labels nor targets, if they are columns, or one
   */
  inputs: optional(names),
  /**
   * Names of the tensors that feed a network of several inputs, each the input of its name. Integers stay whole numbers.
   * @default one input, as `inputs` says
   */
  feeds: optional(listOf(text, 'a list of names', 2)),
  /**
   * Name of the tensor of class numbers, `[N]` or `[N, 1]`.
   * @default the one that is called `labels`, `label` or `class`, or `y` if it has integers; none if there is no such tensor
   */
  labels: optional(text),
  /**
   * Name of the tensor of the numbers that networks should give, `[N, …]`; or names of several `[N]`.
   * @default the one that is called `targets` or `target`, or `y` if it has floating-point numbers; none if there is no such tensor
   */
  targets: optional(names),
  /**
   * Takes tensors of this half, such as `x_train` or `test_images`, if there are any.
   * @default tensors without such a word
   */
  split: optional(oneOf(['train', 'test'])),
  /**
   * The number of classes.
   * @default the largest label + 1, of both halves if there are two
   */
  classes: optional(count),
  /**
   * Shape of one input, without the batch, if the file has another with as many numbers: `[28, 28, 1]` for `[N, 28, 28]`.
   * @default as the file has it
   */
  shape: optional(listOf(count, 'a list of positive integers', 1)),
  /**
   * `channels-first` if inputs are images as PyTorch has them, `[N, channels, height, width]`.
   * @default 'channels-last'
   */
  layout: withDefault(oneOf(['channels-last', 'channels-first']), 'channels-last'),
  /**
   * The number that is subtracted, for each channel (the last axis), or for all.
   * @default 0
   */
  mean: optional(numbers),
  /**
   * The number by which what is left is divided, for each channel, or for all; `[255]` makes 0..1 of bytes. Needed for images of bytes.
   * @default 1
   */
  std: optional(numbers),
  /**
   * How networks take the inputs: `int32` for tokens.
   * @default 'float32'
   */
  dtype: withDefault(oneOf(['float32', 'int32']), 'float32'),
});

/** Options of {@link datasetFromTensors}. */
export interface DatasetFromTensorsOptions extends GivenBy<typeof datasetFromTensorsOptions> {}
type Used = UsedBy<typeof datasetFromTensorsOptions>;

/**
 * A data set of the tensors of a file: `readNpz`, `readSafetensors` and `readNpy` of `@netspace/formats` give them.
 *
 * @param tensors by name; those that are not used may have any shape
 * @throws NetSpaceError `NOT_FOUND` if there is no tensor of a name, or none that is surely the inputs, with the names to choose from;
 *   `SHAPE_MISMATCH` if lengths or shapes do not fit; `INVALID_OPTION` for numbers that are not finite, labels that are no class numbers,
 *   images of bytes without `std`, and options that are unknown or wrong; as `rawToFloat32`
 * @example
 * ```ts
 * import { datasetFromTensors } from '@netspace/zoo';
 *
 * const tensors = new Map([
 *   ['x_train', { dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
 *   ['y_train', { dtype: 'U8', shape: [2], data: Uint8Array.of(1, 0) }],
 * ] as const); // readNpz(bytes)
 * const { count, shape, labels, classes } = datasetFromTensors(tensors, { name: 'two', split: 'train' });
 * console.log(count, shape, labels, classes); // 2 [ 3 ] Uint8Array(2) [ 1, 0 ] 2
 * ```
 */
export function datasetFromTensors(tensors: ReadonlyMap<string, RawTensor>, options: DatasetFromTensorsOptions): TensorDataset {
  const used = parseOptions(CALLER, datasetFromTensorsOptions, options);
  const { name, dtype } = used;
  const found = findNames(CALLER, tensors, used);
  const inputs = used.feeds === undefined ? oneInput(tensors, found.inputs, used) : sideBySide(tensors, found.inputs, { ...used, feeds: used.feeds }); // prettier-ignore
  const labels = found.labels === undefined ? undefined : labelsOf(tensors, found.labels, used);
  const targets = found.targets === undefined ? undefined : tableOf(tensors, found.targets, name);
  for (const [what, got] of [
    ['labels', labels?.labels.length],
    ['targets', targets?.rows],
  ] as const) {
    if (got === undefined || got === inputs.rows) continue;
    throw new NetSpaceError('SHAPE_MISMATCH', `${CALLER}: expected ${inputs.rows} ${what} for the inputs (${found.inputs.join(', ')}) of ${name}, got ${got}; give one an input`); // prettier-ignore
  }
  return createTensorDataset({
    ...{ name, inputs: dtype === 'int32' ? wholeNumbers(inputs.values, name) : inputs.values, shape: inputs.shape, ...labels },
    ...(inputs.parts && { parts: inputs.parts }),
    ...(targets && { targets: targets.values, targetShape: targets.shape }),
  });
}

function labelsOf(tensors: Tensors, label: string, { classes, name, split }: Used) {
  const tensor = tensors.get(label)!;
  const { shape } = tensor;
  if (shape.length === 0 || shape.slice(1).some((side) => side !== 1)) {
    throw new NetSpaceError('SHAPE_MISMATCH', `${CALLER}: expected labels ${label} of ${name} as [N], one class number each, got [${shape}]; take the arg-max of one-hot labels`); // prettier-ignore
  }
  const values = rawToFloat32(tensor);
  const wrong = values.findIndex((value) => !(Number.isInteger(value) && value >= 0 && value < 65_536));
  if (wrong >= 0) {
    throw new NetSpaceError('INVALID_OPTION', `${CALLER}: expected class numbers from 0 up in ${label} of ${name}, got ${values[wrong]} in row ${wrong}; number the classes from 0, or name it as targets`); // prettier-ignore
  }
  // The other half may have classes that this one lacks.
  const halves = split === undefined ? [] : (['train', 'test'] as const).flatMap((half) => usualLabels(tensors, half) ?? []);
  const all = [values, ...(halves.includes(label) ? halves.map((half) => rawToFloat32(tensors.get(half)!)) : [])];
  const least = all.reduce((low, numbers) => numbers.reduce((a, b) => Math.min(a, b), low), Infinity);
  const most = all.reduce((high, numbers) => numbers.reduce((a, b) => Math.max(a, b), high), 0);
  if (classes === undefined && least > 0 && most > least) {
    throw new NetSpaceError('INVALID_OPTION', `${CALLER}: expected class numbers from 0 up in ${label} of ${name}, got ${least} to ${most}; subtract ${least} from each, or say how many classes there are (classes=${most + 1}), of which the first then have no inputs`); // prettier-ignore
  }
  const number = classes ?? most + 1;
  const beyond = values.findIndex((value) => value >= number);
  if (beyond >= 0) {
    throw new NetSpaceError('INVALID_OPTION', `${CALLER}: expected class numbers below ${number} in ${label} of ${name}, got ${values[beyond]} in row ${beyond}; ${least === 1 && most === number ? 'the labels go from 1: subtract 1 from each' : 'raise classes, or mend the label'}`); // prettier-ignore
  }
  const labels = labelArray(values.length, number);
  labels.set(values);
  return { labels, classes: number };
}
