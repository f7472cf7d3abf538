import type { GroupedParameter, Weights } from './channel-groups.js';

/** For each group of hidden channels, the channel of the second network that belongs at each place of the first. */
export type ChannelOrders = ReadonlyMap<string, readonly number[]>;

/** How a network is put in order: `order[i]` is the channel that comes to place i, `signs[i]` what it is multiplied by there, 1 or −1. */
export interface Arrangement {
  readonly orders: ChannelOrders;
  readonly signs: ReadonlyMap<string, readonly number[]>;
}

/** How many channels each group has. */
export function groupSizes(weights: Weights): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { groups, shape } of weights) groups.forEach((group, axis) => group !== undefined && sizes.set(group, shape[axis]!));
  return sizes;
}

/**
 * The numbers of a parameter after an arrangement of its axes.
 *
 * @param except an axis that stays as it is
 */
export function arranged({ data, shape, groups, signs = [] }: GroupedParameter, arrangement: Arrangement, except?: number): Float32Array {
  let values = data;
  let inner = data.length;
  shape.forEach((size, axis) => {
    inner /= size;
    const order = arrangement.orders.get(groups[axis] ?? '');
    const flips = arrangement.signs.get(signs[axis] ?? '');
    if (axis === except || (order === undefined && flips === undefined)) return;
    const moved = new Float32Array(values.length);
    for (let begin = 0; begin < values.length; begin += size * inner) {
      for (let i = 0; i < size; i++) {
        const from = begin + (order?.[i] ?? i) * inner;
        const to = begin + i * inner;
        const sign = flips?.[i] ?? 1;
        for (let k = 0; k < inner; k++) moved[to + k] = sign * values[from + k]!;
      }
    }
    values = moved;
  });
  return values;
}

/** How far two numbers are apart that mean the same when a period is added, with its sign. */
export const wrapped = (difference: number, period: number): number => difference - period * Math.round(difference / period);

/** `Σ ‖a − π b‖²`, biases of sines up to their period. */
export function squaredDistance(a: Weights, b: Weights, arrangement: Arrangement): number {
  return a.reduce((sum, { data, period }, p) => {
    const other = arranged(b[p]!, arrangement);
    let squares = 0;
    for (let i = 0; i < data.length; i++) {
      const difference = data[i]! - other[i]!;
      squares += (period === undefined ? difference : wrapped(difference, period)) ** 2;
    }
    return sum + squares;
  }, 0);
}
