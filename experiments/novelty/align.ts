import { munkres } from 'munkres';

import type { GroupedParameter } from './channel-groups.js';

/** One network's parameters. */
export type Weights = readonly GroupedParameter[];

type Permutations = ReadonlyMap<string, readonly number[]>;

const MAX_ROUNDS = 20;

/**
 * Distance of two networks' weights when the hidden channels of the second are permuted to match the first:
 * `min_π ‖a − π b‖ / (½ (‖a‖ + ‖b‖))`, 0 for the same network with its channels in any order, about √2 for unrelated ones.
 *
 * Group by group, the best permutation given the others is a linear assignment; repeated until nothing changes, which finds a local minimum.
 *
 * @see Ainsworth, Hayase, Srinivasa, "Git Re-Basin", arXiv:2209.04836, algorithm 1
 */
export function alignedDistance(a: Weights, b: Weights): number {
  const sizes = groupSizes(a);
  const permutations = new Map<string, readonly number[]>([...sizes].map(([group, size]) => [group, [...Array(size).keys()]]));
  for (let round = 0, changed = true; changed && round < MAX_ROUNDS; round++) {
    changed = false;
    for (const [group, size] of sizes) {
      const better = assign(similarity(a, b, group, size, permutations));
      if (better.some((value, i) => value !== permutations.get(group)![i])) changed = true;
      permutations.set(group, better);
    }
  }
  const squares = a.reduce((sum, parameter, i) => sum + squaredDistance(parameter, b[i]!, permutations), 0);
  return Math.sqrt(squares) / ((norm(a) + norm(b)) / 2);
}

/** Inner products of the first network's channels with the second's, all other groups permuted as they stand. `[size][size]` */
function similarity(a: Weights, b: Weights, group: string, size: number, permutations: Permutations): number[][] {
  const products = Array.from({ length: size }, () => Array<number>(size).fill(0));
  a.forEach((parameter, p) => {
    const axis = parameter.groups.indexOf(group);
    if (axis < 0) return;
    const { shape, data } = parameter;
    const other = b[p]!.data;
    const stride = shape.slice(axis + 1).reduce((product, n) => product * n, 1);
    const identity = new Map(permutations).set(group, [...Array(size).keys()]);
    eachIndex(parameter, identity, (mine, theirs, place) => {
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

function squaredDistance(a: GroupedParameter, b: GroupedParameter, permutations: Permutations): number {
  let sum = 0;
  eachIndex(a, permutations, (mine, theirs) => (sum += (a.data[mine]! - b.data[theirs]!) ** 2));
  return sum;
}

/** Visits all places of a parameter, with the place in the second network that is compared with it. */
function eachIndex(
  { shape, groups }: GroupedParameter,
  permutations: Permutations,
  visit: (mine: number, theirs: number, place: readonly number[]) => void,
): void {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, n) => product * n, 1));
  const orders = groups.map((group) => (group === undefined ? undefined : permutations.get(group)!));
  const place = shape.map(() => 0);
  const total = shape.reduce((product, n) => product * n, 1);
  for (let mine = 0; mine < total; mine++) {
    let theirs = 0;
    for (let axis = 0; axis < shape.length; axis++) theirs += (orders[axis]?.[place[axis]!] ?? place[axis]!) * strides[axis]!;
    visit(mine, theirs, place);
    for (let axis = shape.length - 1; axis >= 0 && ++place[axis]! === shape[axis]; axis--) place[axis] = 0;
  }
}

function groupSizes(weights: Weights): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { groups, shape } of weights) groups.forEach((group, axis) => group !== undefined && sizes.set(group, shape[axis]!));
  return sizes;
}

const norm = (weights: Weights): number =>
  Math.sqrt(weights.reduce((sum, { data }) => sum + data.reduce((s, value) => s + value ** 2, 0), 0));
