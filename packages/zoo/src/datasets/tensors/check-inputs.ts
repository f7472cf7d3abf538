import { type Architecture, NetSpaceError, type TensorSpec } from '@netspace/prep';
import { checkParts } from '@netspace/prep/internal';

import { type Dataset, isTensorDataset } from './tensor-dataset.js';

/**
 * Checks that tensors are what an architecture takes, as far as it says so: their shapes and kinds, and one for each of its inputs.
 *
 * @throws NetSpaceError `SHAPE_MISMATCH` for inputs of another shape or kind, or of other names, naming those that are expected
 */
export function checkInputs(caller: string, { name, inputs = [] }: Pick<Architecture, 'name' | 'inputs'>, dataset: Dataset): void {
  const parts = isTensorDataset(dataset) ? dataset.parts : undefined;
  if (parts !== undefined || inputs.length > 1) {
    checkNamed(caller, { name, inputs }, dataset);
    return;
  }
  const [input] = inputs;
  if (input === undefined) return;
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

/** Inputs by name: the same names in both, and what each network takes. */
function checkNamed(caller: string, { name, inputs }: Required<Pick<Architecture, 'name' | 'inputs'>>, dataset: Dataset): void {
  const parts = (isTensorDataset(dataset) ? dataset.parts : undefined) ?? [];
  const [wanted, got] = [inputs, parts].map((ends) => ends.map((end) => end.name).sort());
  if (wanted!.join() !== got!.join()) {
    const remedy = wanted!.length > 1 ? `feeds=${wanted!.join()}` : wanted!.length === 1 ? 'inputs=NAME' : 'take tensors of one input (inputs=NAME)'; // prettier-ignore
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `${caller}: expected ${wanted!.length > 1 ? `inputs ${wanted!.join(', ')}` : 'one input'} for ${name}, got ${got!.length > 1 ? got!.join(', ') : 'one input'} in ${dataset.name}; name the tensors that feed it: ${remedy}`,
    );
  }
  try {
    checkParts({ name, inputs }, parts);
  } catch (error) {
    if (!(error instanceof NetSpaceError)) throw error;
    throw new NetSpaceError(error.code, `${caller}: in ${dataset.name} ${error.message}`, { cause: error });
  }
  const broken = parts.find((part) => part.dtype === 'float32' && inputs.some((end) => end.name === part.name && end.dtype !== 'float32'));
  if (broken === undefined) return;
  throw new NetSpaceError('SHAPE_MISMATCH', `${caller}: expected whole numbers for the input ${broken.name} of ${name}, got floating-point numbers in ${dataset.name}; save them as integers`); // prettier-ignore
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
