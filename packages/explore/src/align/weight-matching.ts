import { NetSpaceError } from '@netspace/prep';
import { munkres } from 'munkres';

import type { Weights } from './channel-groups.js';
import { eachPlace } from './each-place.js';

/** For each group of hidden channels, which channel of the second network stands at each place of the first. */
export type ChannelOrders = ReadonlyMap<string, readonly number[]>;

const MAX_ROUNDS = 20;

/**
 * Finds the order of the hidden channels of one network in which its weights are most like another's.
 *
 * `max_π ⟨a, π b⟩` over all permutations π of hidden channels. Group by group, the best permutation given the others is a linear assignment
 * (Munkres, O(channels³)); this is repeated until nothing changes, which finds a local maximum.
 *
 * @param a weights of the reference, from {@link groupedParameters}
 * @param b weights of another network of the same architecture
 * @returns an order a group; channel `order[i]` of `b` belongs at place `i`
 * @throws NetSpaceError `UNSUPPORTED` if the weights are of two architectures
 * @see Ainsworth, Hayase, Srinivasa, "Git Re-Basin", arXiv:2209.04836, algorithm 1
 * @example
 * ```ts
 * import { weightMatching, type Weights } from '@netspace/explore';
 *
 * const weights = (numbers: number[]): Weights => [{ data: Float32Array.from(numbers), shape: [2], groups: ['hidden'] }];
 * const orders = weightMatching(weights([1, 2]), weights([2, 1])); // the same two channels, exchanged
 * console.log(orders.get('hidden')); // [ 1, 0 ]
 * ```
 */
export function weightMatching(a: Weights, b: Weights): ChannelOrders {
  assertSameShapes(a, b);
  const sizes = groupSizes(a);
  const orders = new Map<string, readonly number[]>([...sizes].map(([group, size]) => [group, [...Array(size).keys()]]));
  for (let round = 0, changed = true; changed && round < MAX_ROUNDS; round++) {
    changed = false;
    for (const [group, size] of sizes) {
      const better = assign(similarity(a, b, group, size, orders));
      if (better.some((value, i) => value !== orders.get(group)![i])) changed = true;
      orders.set(group, better);
    }
  }
  return orders;
}

function assertSameShapes(a: Weights, b: Weights): void {
  const shapes = (weights: Weights): string => weights.map(({ shape }) => `[${shape}]`).join(' ');
  if (shapes(a) === shapes(b)) return;
  throw new NetSpaceError(
    'UNSUPPORTED',
    `weightMatching: expected two networks of one architecture, got parameters ${shapes(a)} and ${shapes(b)}; channels match within one`,
  );
}

/** Inner products of the first network's channels with the second's, all other groups permuted as they stand. `[size][size]` */
function similarity(a: Weights, b: Weights, group: string, size: number, orders: ChannelOrders): number[][] {
  const products = Array.from({ length: size }, () => Array<number>(size).fill(0));
  a.forEach((parameter, p) => {
    const axis = parameter.groups.indexOf(group);
    if (axis < 0) return;
    const { shape, data } = parameter;
    const other = b[p]!.data;
    const stride = shape.slice(axis + 1).reduce((product, n) => product * n, 1);
    const identity = new Map(orders).set(group, [...Array(size).keys()]);
    eachPlace(parameter, identity, (mine, theirs, place) => {
      const i = place[axis]!;
      for (let j = 0; j < size; j++) products[i]![j]! += data[mine]! * other[theirs + (j - i) * stride]!;
    });
  });
  return products;
}

/** Which of the second's channels to put at each place, so that the sum of similarities is greatest. */
function assign(similarities: readonly (readonly number[])[]): number[] {
  const result = Array<number>(similarities.length);
  for (const [i, j] of munkres(similarities.map((row) => row.map((value) => -value)))) result[i] = j;
  return result;
}

function groupSizes(weights: Weights): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { groups, shape } of weights) groups.forEach((group, axis) => group !== undefined && sizes.set(group, shape[axis]!));
  return sizes;
}
