import * as tf from '@tensorflow/tfjs-core';

import type { Architecture, NamedTensors, TensorSpec } from '../architecture.js';
import { NetSpaceError } from '../errors.js';

type Ends = Pick<Architecture, 'name' | 'inputs'>;

/**
 * The inputs of a network of several, side by side: one row an example. Everything that runs networks on the rows of a data set then also runs
 * these.
 *
 * Inputs lie in a row in the order of their names, each flattened. Sizes that the network leaves open, besides the batch, must all be equal.
 *
 * @param inputs one tensor for each of the architecture's inputs, `[batch, …]`
 * @returns `[batch, numbers]`, float32, which the caller disposes
 * @throws NetSpaceError `INVALID_OPTION` if an input is missing or unknown, `SHAPE_MISMATCH` if one has another shape, or open sizes are not equal
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { joinInputs, splitInputs } from '@netspace/prep';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const architecture = {
 *   name: 'two',
 *   inputs: [{ name: 'tokens', shape: [null, 2], dtype: 'int32' }, { name: 'age', shape: [null, 1], dtype: 'float32' }],
 * } as const;
 * const rows = joinInputs(architecture, { tokens: tf.tensor2d([[7, 8]], [1, 2], 'int32'), age: tf.tensor2d([[0.5]]) });
 * console.log(await rows.array(), splitInputs(architecture, rows)['tokens']!.dtype); // [ [ 0.5, 7, 8 ] ] int32
 * ```
 */
export function joinInputs(architecture: Pick<Architecture, 'name' | 'inputs'>, inputs: NamedTensors): tf.Tensor2D {
  const ordered = inOrder(architecture);
  const unknown = Object.keys(inputs).find((key) => !ordered.some(({ name }) => name === key));
  const missing = ordered.find(({ name }) => inputs[name] === undefined);
  if (unknown !== undefined || missing !== undefined) {
    const got = missing === undefined ? `${unknown!}, which is none` : `no ${missing.name}`;
    throw refused('INVALID_OPTION', `inputs ${namesOf(ordered)} for ${architecture.name}`, got, 'pass each by its name');
  }
  const open = checkParts(
    architecture,
    ordered.map(({ name }) => ({ name, shape: inputs[name]!.shape.slice(1) })),
  );
  const batch = inputs[ordered[0]!.name]!.shape[0]!;
  const other = ordered.find(({ name }) => inputs[name]!.shape[0] !== batch);
  if (other !== undefined) {
    throw refused('SHAPE_MISMATCH', `${batch} examples in ${other.name}`, `[${inputs[other.name]!.shape}]`, 'give each input as many');
  }
  return tf.tidy(() =>
    tf.concat(
      ordered.map((spec) => tf.reshape(tf.cast(inputs[spec.name]!, 'float32'), [batch, sizeOf(spec, open)])),
      1,
    ),
  ) as tf.Tensor2D;
}

/**
 * The inputs of a network of several, taken from rows in which they lie side by side; see {@link joinInputs}.
 *
 * @param rows `[batch, numbers]`
 * @returns one tensor for each input, of its shape and kind; the caller disposes them
 * @throws NetSpaceError `SHAPE_MISMATCH` if a row has another number of numbers
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { splitInputs } from '@netspace/prep';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const inputs = (['a', 'b'] as const).map((name) => ({ name, shape: [null, 2], dtype: 'float32' }) as const);
 * const { a, b } = splitInputs({ name: 'two', inputs }, tf.tensor2d([[1, 2, 3, 4]]));
 * console.log(await a!.array(), await b!.array()); // [ [ 1, 2 ] ] [ [ 3, 4 ] ]
 * ```
 */
export function splitInputs(architecture: Pick<Architecture, 'name' | 'inputs'>, rows: tf.Tensor): NamedTensors {
  const ordered = inOrder(architecture);
  const width = rows.rank === 2 ? rows.shape[1]! : -1;
  const open = openSizeOf(ordered, width);
  if (open === undefined) {
    const shapes = ordered.map((spec) => `${spec.name} [${sidesOf(spec).map((side) => side ?? 'any').join(', ')}]`).join(', '); // prettier-ignore
    throw refused(
      'SHAPE_MISMATCH',
      `rows of ${shapes} side by side, one an example, for ${architecture.name}`,
      `[${rows.shape}]`,
      'name the tensors of a data set that feed its inputs (feeds), or make rows with joinInputs',
    );
  }
  let from = 0;
  return Object.fromEntries(
    ordered.map((spec) => {
      const size = sizeOf(spec, open);
      const part = tf.tidy(() => {
        const flat = tf.slice(rows, [0, from], [-1, size]);
        return tf.cast(tf.reshape(flat, [rows.shape[0]!, ...sidesOf(spec).map((side) => side ?? open)]), spec.dtype);
      });
      from += size;
      return [spec.name, part];
    }),
  );
}

/** One input of each example, as a data set has it. */
export interface InputPart {
  readonly name: string;
  /** Without the batch. */
  readonly shape: readonly number[];
}

/**
 * Checks that inputs have the shapes that an architecture takes.
 *
 * @param parts one for each input, in the order of their names
 * @returns the size of the sides that the architecture leaves open; 1 if there are none
 * @throws NetSpaceError `SHAPE_MISMATCH`
 */
export function checkParts(architecture: Ends, parts: readonly InputPart[]): number {
  const open = new Map<number, string>();
  inOrder(architecture).forEach((spec, i) => {
    const { shape } = parts[i]!;
    const sides = sidesOf(spec);
    if (sides.length === 0 && shape.length === 1 && shape[0] === 1) return; // one number an example
    if (sides.length !== shape.length || sides.some((side, axis) => side !== null && side !== shape[axis])) {
      throw refused(
        'SHAPE_MISMATCH',
        `[N, ${sides.map((side) => side ?? 'any').join(', ')}] for the input ${spec.name} of ${architecture.name}`,
        `[N, ${shape.join(', ')}]`,
        'images are [N, height, width, channels]; give what the network takes',
      );
    }
    sides.forEach((side, axis) => side === null && open.set(shape[axis]!, `${spec.name} [N, ${shape.join(', ')}]`));
  });
  if (open.size <= 1) return [...open.keys()][0] ?? 1;
  throw refused(
    'SHAPE_MISMATCH',
    `one size for all that ${architecture.name} leaves open`,
    [...open.values()].join(' and '),
    'give the inputs one length, or export the network with fixed sizes',
  );
}

/** An architecture of several inputs whose `apply` takes them side by side; any other as it is. */
export function withJoinedInputs(architecture: Architecture): Architecture {
  const { name, parameters: specs, purpose, batchNorms, inputs = [], outputs = [] } = architecture;
  const [output] = outputs;
  if (inputs.length <= 1 || architecture.applyNamed === undefined || output === undefined) return architecture;
  return {
    ...{ name, parameters: specs, inputs, outputs }, // without `applyNamed`: what has several inputs and none takes rows
    ...(purpose !== undefined && { purpose }),
    ...(batchNorms !== undefined && { batchNorms }),
    apply: (parameters, x) => tf.tidy(() => architecture.applyNamed!(parameters, splitInputs(architecture, x))[output.name]!),
  };
}

/** Inputs as they lie in a row. */
const inOrder = ({ inputs = [] }: Ends): readonly TensorSpec[] => [...inputs].sort((a, b) => (a.name < b.name ? -1 : 1));

const sidesOf = ({ shape }: TensorSpec): readonly (number | null)[] => shape.slice(1);

const sizeOf = (spec: TensorSpec, open: number): number => sidesOf(spec).reduce<number>((size, side) => size * (side ?? open), 1);

/** The size of the open sides with which rows have a width; undefined if there is none. */
function openSizeOf(ordered: readonly TensorSpec[], width: number): number | undefined {
  const widthAt = (open: number): number => ordered.reduce((sum, spec) => sum + sizeOf(spec, open), 0);
  const isOpen = ordered.some((spec) => sidesOf(spec).includes(null));
  let open = 1;
  while (isOpen && widthAt(open) < width) open++;
  return widthAt(open) === width ? open : undefined;
}

const namesOf = (ordered: readonly TensorSpec[]): string => ordered.map(({ name }) => name).join(', ');

const refused = (code: 'INVALID_OPTION' | 'SHAPE_MISMATCH', expected: string, got: string, remedy: string): NetSpaceError =>
  new NetSpaceError(code, `expected ${expected}, got ${got}; ${remedy}`);
