import { NetSpaceError } from '@netspace/prep';

/**
 * Checks that a tensor's values are numbers.
 *
 * @throws NetSpaceError `INVALID_OPTION` naming the tensor and the place of the first NaN or infinity
 */
export function checkFinite(caller: string, name: string, values: Float32Array, shape: readonly number[]): void {
  const index = values.findIndex((value) => !Number.isFinite(value));
  if (index < 0) return;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `${caller}: expected finite numbers, got ${values[index]} at [${placeOf(index, shape)}] of ${name}; the training that made it diverged: take an earlier checkpoint`,
  );
}

/** The place of an entry in row-major order, one index an axis. */
export function placeOf(index: number, shape: readonly number[]): number[] {
  const place: number[] = [];
  let rest = index;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    place.unshift(rest % shape[axis]!);
    rest = Math.floor(rest / shape[axis]!);
  }
  return place;
}
