import { NetSpaceError } from '@netspace/prep';
import { count, flag, type GivenBy, objectOf, oneOf, parseOptions, randomPermutation, randomStream, seed, type UsedBy, withDefault } from '@netspace/prep/internal'; // prettier-ignore

import { type Arrangement, groupSizes, squaredDistance } from './arrangement.js';
import { assign } from './assign.js';
import type { Weights } from './channel-groups.js';
import { similaritiesOf } from './similarities.js';

/** See {@link MatchWeightsOptions}. */
export const matchWeightsOptions = objectOf({
  /**
   * Searches, each from another beginning and in another order of the groups; the best is kept.
   * @default 2
   */
  restarts: withDefault(count, 2),
  /**
   * Most rounds over all groups in one search, which ends before if a round changes nothing.
   * @default 50
   */
  passes: withDefault(count, 50),
  /**
   * Whether units may be negated and biases of sines moved by their period, where the architecture allows it.
   * @default true
   */
  signs: withDefault(flag, true),
  /**
   * Where the first search begins: `edges` puts the groups next to inputs and outputs in order first and compares weights along others by size;
   * `as-is` takes the network as it is, as Git Re-Basin does.
   * @default 'edges'
   */
  start: withDefault(oneOf(['edges', 'as-is']), 'edges'),
  /**
   * Seed of the orders of the groups.
   * @default 0
   */
  seed: withDefault(seed, 0),
});

/** Options of {@link matchWeights}. */
export interface MatchWeightsOptions extends GivenBy<typeof matchWeightsOptions> {}

/** An arrangement of a network, and how far it is from the reference then. */
export interface WeightMatch extends Arrangement {
  /** `‖a − π b‖`, in the unit of the weights. */
  readonly distance: number;
}

/**
 * Finds the order of the hidden channels of one network, and the signs of its units, in which its weights are most like another's.
 *
 * `min_π ‖a − π b‖` over all permutations π of hidden channels. Group by group, the best permutation given the others is a linear assignment
 * (Munkres, O(channels³)), which is repeated until nothing changes. The first search begins with the groups next to inputs and outputs, whose
 * order is known, and compares weights along groups that are not in order yet by their size. The second begins with the network as it is, as Git
 * Re-Basin does, the others at random.
 *
 * @param a weights of the reference, from {@link groupedParameters}
 * @param b weights of another network of the same architecture
 * @returns the best of all searches; channel `orders.get(group)[i]` of `b` belongs at place `i`
 * @throws NetSpaceError `UNSUPPORTED` if the weights are of two architectures, `INVALID_OPTION` for options that are unknown or out of range
 * @see Ainsworth, Hayase, Srinivasa, "Git Re-Basin", arXiv:2209.04836, algorithm 1
 * @example
 * ```ts
 * import { matchWeights, type Weights } from '@netspace/explore';
 *
 * const weights = (numbers: number[]): Weights => [{ data: Float32Array.from(numbers), shape: [2], groups: ['hidden'], signs: ['hidden'] }];
 * const { orders, signs } = matchWeights(weights([1, 2]), weights([2, -1])); // exchanged, and one of them negated
 * console.log(orders.get('hidden'), signs.get('hidden')); // [ 1, 0 ] [ -1, 1 ]
 * ```
 */
export function matchWeights(a: Weights, b: Weights, options: MatchWeightsOptions = {}): WeightMatch {
  const used = parseOptions('matchWeights', matchWeightsOptions, options);
  assertSameShapes(a, b);
  const [mine, theirs] = used.signs ? [a, b] : [a, b].map((weights) => weights.map(({ data, shape, groups }) => ({ data, shape, groups })));
  const searches = Array.from({ length: used.restarts }, (_, restart) => search(mine!, theirs!, { ...used, restart }));
  return searches.reduce((best, found) => (found.distance < best.distance ? found : best));
}

function search(
  a: Weights,
  b: Weights,
  { restart, passes, start, seed: from }: UsedBy<typeof matchWeightsOptions> & { readonly restart: number },
): WeightMatch {
  const sizes = groupSizes(a);
  const names = [...sizes.keys()];
  const random = randomStream(from, restart);
  const [orders, signs] = [new Map<string, readonly number[]>(), new Map<string, readonly number[]>()];
  const arrangement = { orders, signs };
  /** Puts one group in order, and says whether that changed anything. */
  const improve = (group: string, known?: (name: string) => boolean): boolean => {
    const found = assign(similaritiesOf(a, b, { group, size: sizes.get(group)!, arrangement, ...(known && { known }) }));
    const before = orders.get(group);
    const changed = found.order.some((j, i) => j !== (before?.[i] ?? i)) || [...found.signs].some(([units, all]) => all.some((sign, i) => sign !== (signs.get(units)?.[i] ?? 1))); // prettier-ignore
    orders.set(group, found.order);
    for (const [units, all] of found.signs) signs.set(units, all);
    return changed;
  };
  const fromEdges = restart === 0 && start === 'edges';
  if (fromEdges) for (const group of fromTheEdges(a)) improve(group, (name) => orders.has(name));
  else
    for (const [group, size] of sizes)
      orders.set(group, restart === Number(start === 'edges') ? [...Array(size).keys()] : [...randomPermutation(size, random)]);
  let distance = squaredDistance(a, b, arrangement);
  for (let pass = 0; pass < passes; pass++) {
    const order = fromEdges && pass === 0 ? names.map((_, i) => i) : [...randomPermutation(names.length, random)];
    const before = { orders: new Map(orders), signs: new Map(signs) };
    let changed = false;
    for (const i of order) changed = improve(names[i]!) || changed;
    const now = squaredDistance(a, b, arrangement);
    // Where a group meets itself, as in a residual layer, a round may make things worse.
    if (now > distance) return { ...before, distance: Math.sqrt(distance) };
    distance = now;
    if (!changed) break;
  }
  return { ...arrangement, distance: Math.sqrt(distance) };
}

/** Groups in the order in which most of what tells their channels apart is known. */
function fromTheEdges(weights: Weights): readonly string[] {
  const left = new Set(groupSizes(weights).keys());
  const ordered: string[] = [];
  while (left.size > 0) {
    const knowledge = [...left].map((group) => {
      let [known, all] = [0, 0];
      for (const { groups, data } of weights) {
        if (!groups.includes(group)) continue;
        all += data.length;
        if (groups.every((other) => other === undefined || other === group || !left.has(other))) known += data.length;
      }
      return [group, known / all] as const;
    });
    const [best] = knowledge.reduce((most, next) => (next[1] > most[1] ? next : most));
    ordered.push(best);
    left.delete(best);
  }
  return ordered;
}

function assertSameShapes(a: Weights, b: Weights): void {
  const shapes = (weights: Weights): string => weights.map(({ shape }) => `[${shape}]`).join(' ');
  if (shapes(a) === shapes(b)) return;
  throw new NetSpaceError(
    'UNSUPPORTED',
    `matchWeights: expected two networks of one architecture, got parameters ${shapes(a)} and ${shapes(b)}; channels match within one`,
  );
}
