import { type RawTensor, rawToFloat32 } from '@netspace/formats';
import { NetSpaceError } from '@netspace/prep';
import { choose, count, finite, type GivenBy, listOf, objectOf, oneOf, optional, parseOptions, text, type UsedBy, withDefault } from '@netspace/prep/internal'; // prettier-ignore

import { labelArray } from '../image-dataset.js';
import { findNames, usualLabels } from './tensor-names.js';
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

const CALLER = 'datasetFromTensors';

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
  const stored = tableOf(tensors, found.inputs, name);
  const shaped = reshaped(stored, used);
  checkBytesScaled(shaped, used);
  const inputs = scaled(oriented(shaped, used), used);
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
    ...(targets && { targets: targets.values, targetShape: targets.shape }),
  });
}

interface Table {
  readonly rows: number;
  /** Of one row. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
  readonly bytes: boolean;
}

/** A tensor, `[N, …]` or `[N]` as `[N, 1]`; or several of `[N]` as the columns of one. */
function tableOf(tensors: ReadonlyMap<string, RawTensor>, [first, ...more]: readonly string[], name: string): Table {
  const tensor = tensors.get(first!)!;
  const [rows, ...rest] = tensor.shape;
  if (rows === undefined) throw new NetSpaceError('SHAPE_MISMATCH', `${CALLER}: expected ${first} of ${name} as [N, …], got one number`);
  if (more.length === 0) {
    return { rows, shape: rest.length === 0 ? [1] : rest, values: rawToFloat32(tensor), bytes: /^[UI]8$/.test(tensor.dtype) };
  }
  const all = [first!, ...more];
  const columns = all.map((one) => {
    const column = tensors.get(one)!;
    const { shape } = column;
    if (shape.length > 0 && shape[0] === rows && shape.slice(1).every((side) => side === 1)) return rawToFloat32(column);
    throw new NetSpaceError('SHAPE_MISMATCH', `${CALLER}: expected ${one} of ${name} as a column, [${rows}], got [${shape}]; name one tensor, or columns alone`); // prettier-ignore
  });
  const values = new Float32Array(rows * all.length);
  columns.forEach((column, c) => column.forEach((value, row) => (values[row * all.length + c] = value)));
  return { rows, shape: [all.length], values, bytes: false };
}

const product = (sides: readonly number[]): number => sides.reduce((size, side) => size * side, 1);

function reshaped(table: Table, { shape, name }: Used): Table {
  if (shape === undefined) return table;
  if (product(shape) === product(table.shape)) return { ...table, shape };
  throw new NetSpaceError('SHAPE_MISMATCH', `${CALLER}: expected a shape of ${product(table.shape)} numbers for inputs of [${table.shape}] in ${name}, got [${shape}]; leave out the batch`); // prettier-ignore
}

/** `[channels, …]` to `[…, channels]`. */
function oriented(table: Table, { layout, name }: Used): Table {
  if (layout === 'channels-last') return table;
  const [channels, ...places] = table.shape;
  if (channels === undefined || places.length === 0) {
    throw new NetSpaceError('SHAPE_MISMATCH', `${CALLER}: expected inputs of [N, channels, …] in ${name} with layout channels-first, got [N, ${table.shape.join(', ')}]; leave layout out`); // prettier-ignore
  }
  const pixels = product(places);
  const values = new Float32Array(table.values.length);
  let to = 0;
  for (let row = 0; row < table.rows; row++) {
    const from = row * pixels * channels;
    for (let pixel = 0; pixel < pixels; pixel++) for (let c = 0; c < channels; c++) values[to++] = table.values[from + c * pixels + pixel]!;
  }
  return { ...table, values, shape: [...places, channels] };
}

/** Bytes from 0 to 255 and numbers from 0 to 1 are both usual; nothing in a file says which a network was trained on. */
function checkBytesScaled({ bytes, shape }: Table, { mean, std, name, dtype }: Used): void {
  if (!bytes || shape.length < 2 || dtype === 'int32') return;
  if (std?.some((value) => value > 0 && value < 1)) {
    const timesAll = (list: readonly number[]): string => list.map((value) => Number((255 * value).toPrecision(6))).join(',');
    const both = [...(mean === undefined ? [] : [`mean ${timesAll(mean)}`]), `std ${timesAll(std)}`].join(' and ');
    throw new NetSpaceError('INVALID_OPTION', `${CALLER}: expected mean and std of images of bytes in bytes (${name}), got std ${std.join(',')}, which feeds numbers up to ${Math.round(255 / Math.max(...std))}; for (byte / 255 - mean) / std take both times 255: ${both}`); // prettier-ignore
  }
  if (mean !== undefined || std !== undefined) return;
  throw new NetSpaceError('INVALID_OPTION', `${CALLER}: expected std with images of bytes ([N, ${shape.join(', ')}] in ${name}), got none; std 255 feeds 0 to 1, std 1 feeds 0 to 255: take what the networks were trained on`); // prettier-ignore
}

function scaled(table: Table, { mean, std, name }: Used): Table {
  if (mean === undefined && std === undefined) return table;
  const channels = table.shape.at(-1) ?? 1;
  const perChannel = (given: readonly number[] | undefined, otherwise: number, what: string): readonly number[] => {
    const list = given ?? [otherwise];
    if (list.length === 1) return Array<number>(channels).fill(list[0]!);
    if (list.length === channels) return list;
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `${CALLER}: expected one ${what}, or one for each of ${channels} channels of ${name}, got ${list.length}`,
    );
  };
  const [middle, deviation] = [perChannel(mean, 0, 'mean'), perChannel(std, 1, 'std')];
  if (!deviation.every((value) => value > 0)) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `${CALLER}: expected std above 0 for ${name}, got [${deviation}]; leave it out for no scaling`,
    );
  }
  return { ...table, values: table.values.map((value, i) => (value - middle[i % channels]!) / deviation[i % channels]!) };
}

function labelsOf(tensors: ReadonlyMap<string, RawTensor>, label: string, { classes, name, split }: Used) {
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

/** Whole numbers that a single-precision number holds exactly. */
function wholeNumbers(values: Float32Array, name: string): Int32Array {
  const wrong = values.findIndex((value) => !Number.isInteger(value) || Math.abs(value) > 2 ** 24);
  if (wrong < 0) return Int32Array.from(values);
  throw new NetSpaceError('INVALID_OPTION', `${CALLER}: expected whole numbers up to 2^24 as inputs of ${name}, got ${values[wrong]}; the networks take integers`); // prettier-ignore
}
