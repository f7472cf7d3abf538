import { NetSpaceError } from '@netspace/prep';
import { refuseUnknown } from '@netspace/prep/internal';

import type { ImageDataset } from '../image-dataset.js';

/** One of several inputs that each example of a data set has. */
export interface DatasetPart {
  /** The name of the network's input. */
  readonly name: string;
  /** Its shape, without the batch. */
  readonly shape: readonly number[];
  /** Whether its numbers are whole, so that networks may look them up. */
  readonly dtype: 'float32' | 'int32';
}

/** Inputs of any shape, all in memory: images in floating point, rows of a table, sequences, coordinates. */
export interface TensorDataset {
  /** Its name, for reports: `train.npz`. */
  readonly name: string;
  /** `count · shape` numbers, input after input, as networks take them; whole numbers (`Int32Array`) for networks of tokens. */
  readonly inputs: Float32Array | Int32Array;
  readonly count: number;
  /** Shape of one input, without the batch: `[28, 28, 1]` for images, channels last; `[4]` for rows of four columns. */
  readonly shape: readonly number[];
  /** What lies side by side in each row, for networks of several inputs, in the order of their names; see `joinInputs` of `@netspace/prep`. */
  readonly parts?: readonly DatasetPart[];
  /** One class number per input, from 0 to `classes` − 1; with `classes`. */
  readonly labels?: Uint8Array | Uint16Array;
  readonly classes?: number;
  /** The numbers that a network should give, `count · targetShape` of them; with `targetShape`. */
  readonly targets?: Float32Array;
  /** Shape of one target, without the batch: `[1]` for one number. */
  readonly targetShape?: readonly number[];
}

/** Tensors with a class for each: what classifiers of anything but images of bytes are compared on. */
export interface LabeledTensors extends TensorDataset {
  readonly labels: Uint8Array | Uint16Array;
  readonly classes: number;
}

/** Inputs with the class of each. */
export type LabeledDataset = ImageDataset | LabeledTensors;

/** Inputs for networks. */
export type Dataset = ImageDataset | TensorDataset;

/** Whether a data set has tensors, and not images of bytes. */
export const isTensorDataset = (dataset: Dataset): dataset is TensorDataset => 'inputs' in dataset;

/** Whether two data sets have the same inputs. */
export function sameInputs(one: Dataset, other: Dataset): boolean {
  const numbers = (dataset: Dataset): ArrayLike<number> => (isTensorDataset(dataset) ? dataset.inputs : dataset.images);
  const [a, b] = [numbers(one), numbers(other)];
  const parts = (dataset: Dataset): string => JSON.stringify((isTensorDataset(dataset) && dataset.parts) || []);
  if (parts(one) !== parts(other)) return false;
  return (
    a === b || (a.constructor === b.constructor && a.length === b.length && Array.prototype.every.call(a, (value, i) => value === b[i]))
  );
}

/** Whether a data set has a class for each input. */
export const isLabeled = (dataset: Dataset): dataset is LabeledDataset => dataset.labels !== undefined;

/**
 * Makes a data set from your own numbers, after checking that all parts agree.
 *
 * @returns a data set of the arrays that were given, which are not copied
 * @throws NetSpaceError `SHAPE_MISMATCH` if inputs, labels or targets do not fit together, `INVALID_OPTION` if a number is not finite, a label
 *   is not below `classes`, or a part is unknown, missing or of another kind
 * @example
 * ```ts
 * import { createTensorDataset } from '@netspace/zoo';
 *
 * const rows = Float32Array.of(5.1, 3.5, 1.4, 0.2, 6.2, 2.9, 4.3, 1.3);
 * const iris = createTensorDataset({ name: 'iris', inputs: rows, shape: [4], labels: Uint8Array.of(0, 1), classes: 3 });
 * const curve = createTensorDataset({ name: 'x²', inputs: Float32Array.of(1, 2, 3), shape: [1], targets: Float32Array.of(1, 4, 9), targetShape: [1] });
 * console.log(iris.count, curve.count); // 2 3
 * ```
 */
export function createTensorDataset(parts: Omit<LabeledTensors, 'count'>): LabeledTensors;
export function createTensorDataset(parts: Omit<TensorDataset, 'count'>): TensorDataset;
export function createTensorDataset(parts: Omit<TensorDataset, 'count'>): TensorDataset {
  refuseUnknown('createTensorDataset', parts, [...PARTS, 'count']); // drops `count` of a data set whose other parts are used again
  const { name, inputs, shape, targets, targetShape } = parts;
  checkParts(parts);
  if (typeof name !== 'string') throw refused('INVALID_OPTION', 'a name', 'none', 'name the data set');
  if (!(inputs instanceof Float32Array || inputs instanceof Int32Array)) {
    throw refused('INVALID_OPTION', `a Float32Array or Int32Array as inputs of ${name}`, kindOf(inputs), 'convert them');
  }
  const size = sizeOf(shape, `shape of ${name}`);
  const count = inputs.length / size;
  if (!Number.isInteger(count) || count === 0) {
    throw refused('SHAPE_MISMATCH', `inputs of [${shape}] in ${name}, ${size} numbers each`, `${inputs.length} numbers`, 'check the shape');
  }
  checkFinite(inputs, { name, what: 'inputs', size });
  checkLabels(parts, count);
  if ((targets === undefined) !== (targetShape === undefined)) {
    throw refused(
      'INVALID_OPTION',
      `targets and targetShape of ${name}`,
      targets === undefined ? 'no targets' : 'no targetShape',
      'give both',
    );
  }
  if (targets !== undefined && targetShape !== undefined) {
    if (!(targets instanceof Float32Array))
      throw refused('INVALID_OPTION', `a Float32Array as targets of ${name}`, kindOf(targets), 'convert them');
    const each = sizeOf(targetShape, `targetShape of ${name}`);
    if (targets.length !== count * each) {
      throw refused(
        'SHAPE_MISMATCH',
        `${count} targets of [${targetShape}] in ${name}`,
        `${targets.length} numbers`,
        'give one target an input',
      );
    }
    checkFinite(targets, { name, what: 'targets', size: each });
  }
  return { ...parts, count };
}

/** Refuses inputs side by side that do not fill a row, or lie in another order than that of their names. */
function checkParts({ name, inputs, shape, parts }: Omit<TensorDataset, 'count'>): void {
  if (parts === undefined) return;
  const width = parts.reduce((sum, part) => sum + sizeOf(part.shape, `shape of ${part.name} in ${name}`), 0);
  const names = parts.map((part) => part.name);
  const isSorted = names.every((one, i) => i === 0 || names[i - 1]! < one);
  if (parts.length > 1 && isSorted && inputs instanceof Float32Array && shape.length === 1 && shape[0] === width) return;
  throw refused(
    'SHAPE_MISMATCH',
    `at least two parts of ${name}, in the order of their names, and as inputs a Float32Array of [${width}]`,
    `${names.join(', ')} and [${String(shape)}]`,
    'datasetFromTensors with feeds makes them',
  );
}

const PARTS = ['name', 'inputs', 'shape', 'parts', 'labels', 'classes', 'targets', 'targetShape'] as const;

function sizeOf(shape: readonly number[], what: string): number {
  const isShape = Array.isArray(shape) && shape.every((side) => Number.isInteger(side) && side > 0);
  if (!isShape) {
    throw refused('INVALID_OPTION', `a ${what} in positive integers`, `[${String(shape)}]`, 'leave out the batch');
  }
  let size = 1;
  for (const side of shape) size *= side;
  return size;
}

function checkFinite(
  numbers: Float32Array | Int32Array,
  { name, what, size }: { readonly name: string; readonly what: string; readonly size: number },
): void {
  if (numbers instanceof Int32Array) return;
  const at = numbers.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw refused(
    'INVALID_OPTION',
    `finite ${what} in ${name}`,
    `${numbers[at]} in row ${Math.floor(at / size)}`,
    'leave it out, or fill it in',
  );
}

function checkLabels({ name, labels, classes }: Pick<TensorDataset, 'name' | 'labels' | 'classes'>, count: number): void {
  if ((labels === undefined) !== (classes === undefined)) {
    throw refused('INVALID_OPTION', `labels and classes of ${name}`, labels === undefined ? 'no labels' : 'no classes', 'give both');
  }
  if (labels === undefined || classes === undefined) return;
  if (!(labels instanceof Uint8Array || labels instanceof Uint16Array)) {
    throw refused('INVALID_OPTION', `a Uint8Array or Uint16Array as labels of ${name}`, kindOf(labels), 'number the classes from 0');
  }
  if (labels.length !== count)
    throw refused('SHAPE_MISMATCH', `${count} labels in ${name}`, String(labels.length), 'give one label an input');
  if (!Number.isInteger(classes) || classes < 1) {
    throw refused('INVALID_OPTION', `a positive number of classes of ${name}`, String(classes), 'count the classes');
  }
  const outside = labels.findIndex((label: number) => label >= classes);
  if (outside < 0) return;
  throw refused(
    'INVALID_OPTION',
    `labels below ${classes} in ${name}`,
    `${labels[outside]} for input ${outside}`,
    'raise `classes` or mend the label',
  );
}

const kindOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

const refused = (code: 'INVALID_OPTION' | 'SHAPE_MISMATCH', expected: string, got: string, remedy: string): NetSpaceError =>
  new NetSpaceError(code, `createTensorDataset: expected ${expected}, got ${got}; ${remedy}`);
