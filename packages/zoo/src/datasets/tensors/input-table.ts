import { type RawTensor, rawToFloat32 } from '@netspace/formats';
import { NetSpaceError } from '@netspace/prep';

import type { DatasetPart } from './tensor-dataset.js';

/** What reads tables, for messages. */
export const CALLER = 'datasetFromTensors';

export type Tensors = ReadonlyMap<string, RawTensor>;

/** What a table is to become; see `DatasetFromTensorsOptions`. */
export interface Reading {
  readonly name: string;
  readonly shape?: readonly number[] | undefined;
  readonly layout: 'channels-last' | 'channels-first';
  readonly mean?: readonly number[] | undefined;
  readonly std?: readonly number[] | undefined;
  readonly dtype: 'float32' | 'int32';
}

/** Numbers of a data set, row after row. */
export interface Table {
  readonly rows: number;
  /** Of one row. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
  readonly bytes: boolean;
  /** Of what lies side by side in a row. */
  readonly parts?: readonly DatasetPart[];
}

/** Inputs of networks of one input, scaled. */
export function oneInput(tensors: Tensors, names: readonly string[], used: Reading): Table {
  const shaped = reshaped(tableOf(tensors, names, used.name), used);
  checkBytesScaled(shaped, used);
  return scaled(oriented(shaped, used), used);
}

/** A tensor, `[N, …]` or `[N]` as `[N, 1]`; or several of `[N]` as the columns of one. */
export function tableOf(tensors: Tensors, [first, ...more]: readonly string[], name: string): Table {
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

export const product = (sides: readonly number[]): number => sides.reduce((size, side) => size * side, 1);

function reshaped(table: Table, { shape, name }: Reading): Table {
  if (shape === undefined) return table;
  if (product(shape) === product(table.shape)) return { ...table, shape };
  throw new NetSpaceError('SHAPE_MISMATCH', `${CALLER}: expected a shape of ${product(table.shape)} numbers for inputs of [${table.shape}] in ${name}, got [${shape}]; leave out the batch`); // prettier-ignore
}

/** `[channels, …]` to `[…, channels]`. */
export function oriented(table: Table, { layout, name }: Reading): Table {
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
function checkBytesScaled({ bytes, shape }: Table, { mean, std, name, dtype }: Reading): void {
  if (!bytes || shape.length < 2 || dtype === 'int32') return;
  if (std?.some((value) => value > 0 && value < 1)) {
    const timesAll = (list: readonly number[]): string => list.map((value) => Number((255 * value).toPrecision(6))).join(',');
    const both = [...(mean === undefined ? [] : [`mean ${timesAll(mean)}`]), `std ${timesAll(std)}`].join(' and ');
    throw new NetSpaceError('INVALID_OPTION', `${CALLER}: expected mean and std of images of bytes in bytes (${name}), got std ${std.join(',')}, which feeds numbers up to ${Math.round(255 / Math.max(...std))}; for (byte / 255 - mean) / std take both times 255: ${both}`); // prettier-ignore
  }
  if (mean !== undefined || std !== undefined) return;
  throw new NetSpaceError('INVALID_OPTION', `${CALLER}: expected std with images of bytes ([N, ${shape.join(', ')}] in ${name}), got none; std 255 feeds 0 to 1, std 1 feeds 0 to 255: take what the networks were trained on`); // prettier-ignore
}

function scaled(table: Table, { mean, std, name }: Reading): Table {
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

/** Whole numbers that a single-precision number holds exactly. */
export function wholeNumbers(values: Float32Array, name: string): Int32Array {
  const wrong = values.findIndex((value) => !Number.isInteger(value) || Math.abs(value) > 2 ** 24);
  if (wrong < 0) return Int32Array.from(values);
  throw new NetSpaceError('INVALID_OPTION', `${CALLER}: expected whole numbers up to 2^24 as inputs of ${name}, got ${values[wrong]}; the networks take integers`); // prettier-ignore
}
