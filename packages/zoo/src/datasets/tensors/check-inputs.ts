import { type Architecture, NetSpaceError, type TensorSpec } from '@netspace/prep';

import { type Dataset, isTensorDataset } from './tensor-dataset.js';

/**
 * Checks that tensors are what an architecture takes, as far as it says so: their shape and kind, and that it has one input.
 *
 * @throws NetSpaceError `SHAPE_MISMATCH` for inputs of another shape or kind, `UNSUPPORTED` for an architecture of several inputs, naming them
 */
export function checkInputs(caller: string, { name, inputs = [] }: Pick<Architecture, 'name' | 'inputs'>, dataset: Dataset): void {
  const [input] = inputs;
  if (input === undefined) return;
  if (inputs.length > 1) {
    const names = inputs.map((one) => one.name).join(', ');
    throw new NetSpaceError('UNSUPPORTED', `${caller}: expected an architecture of one input for ${dataset.name}, got ${name} of ${inputs.length} (${names}); a data set feeds one input`); // prettier-ignore
  }
  if (!isTensorDataset(dataset)) return;
  const kind = dataset.inputs instanceof Int32Array ? 'int32' : 'float32';
  const wanted = input.shape.slice(1);
  const isAlike = wanted.length === dataset.shape.length && wanted.every((side, axis) => side === null || side === dataset.shape[axis]);
  if (isAlike && (input.dtype === kind || (input.dtype === 'float32' && kind === 'int32'))) return;
  const sides = ['N', ...wanted.map((side) => side ?? 'any')].join(', ');
  throw new NetSpaceError(
    'SHAPE_MISMATCH',
    `${caller}: expected [${sides}] of ${input.dtype} for the input ${input.name} of ${name}, got [N, ${dataset.shape.join(', ')}] of ${kind} in ${dataset.name}; ${remedy(input, dataset.shape)}`,
  );
}

/** What to say of a file so that it fits. */
function remedy({ shape, dtype }: TensorSpec, got: readonly number[]): string {
  const wanted = shape.slice(1);
  const [channels, ...places] = got;
  const fits = (sides: readonly (number | undefined)[]): boolean =>
    sides.length === wanted.length && wanted.every((side, axis) => side === null || side === sides[axis]);
  if (fits(got)) return dtype === 'int32' ? 'give whole numbers: dtype int32' : 'give floating-point numbers';
  if (got.length > 1 && fits([...places, channels])) return 'images as PyTorch has them need layout channels-first';
  const size = got.reduce((product, side) => product * side, 1);
  const sides = wanted.filter((side) => side !== null);
  return sides.length === wanted.length && sides.reduce((product, side) => product * side, 1) === size
    ? `the same numbers fit with shape ${wanted.join(',')}`
    : 'give what the network takes, or choose its tensor or columns: inputs';
}
