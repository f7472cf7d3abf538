import { extended, numberOf, type GivenBy, parseOptions } from '@netspace/prep/internal';

import type { NamedMesh } from '../mesh/triangle-mesh.js';
import { randomSeat, randomSeatOptions } from './random-seat.js';
import { seatMesh, type SeatMesh } from './seat-mesh.js';

/** See {@link SeatMeshesOptions}. */
export const seatMeshesOptions = extended(randomSeatOptions, {
  /** Number of seats, up to 100,000. */
  count: numberOf('a positive integer up to 100000', (value) => Number.isInteger(value) && value >= 1 && value <= 100_000),
});

/** Options of {@link seatMeshes}. */
export interface SeatMeshesOptions extends GivenBy<typeof seatMeshesOptions> {}

/** A seat under the name `seat-` and its seed. */
export interface NamedSeat extends NamedMesh {
  readonly mesh: SeatMesh;
}

/**
 * Makes as many seats as you want, all different. Their seeds are `seed`, `seed + 1` and so on, so the first 100 of 500 seats are the same as the
 * seats of a call for 100. `randomSeat` draws their designs.
 *
 * @throws NetSpaceError `INVALID_OPTION` for options that are unknown, missing or out of range; `UNAVAILABLE` if WebAssembly does not start
 * @example
 * ```ts
 * import { seatMeshes } from '@netspace/shapes';
 *
 * const seats = await seatMeshes({ count: 2, seed: 40 });
 * console.log(seats.map(({ name }) => name), seats.every(({ mesh }) => mesh.closed)); // [ 'seat-40', 'seat-41' ] true
 * ```
 */
export async function seatMeshes(options: SeatMeshesOptions): Promise<readonly NamedSeat[]> {
  const { count, seed } = parseOptions('seatMeshes', seatMeshesOptions, options);
  const seats: NamedSeat[] = [];
  for (let own = seed; own < seed + count; own++) seats.push({ name: `seat-${own}`, mesh: await seatMesh(randomSeat({ seed: own })) });
  return seats;
}
