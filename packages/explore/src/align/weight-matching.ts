import type { ChannelOrders } from './arrangement.js';
import type { Weights } from './channel-groups.js';
import { matchWeights } from './match-weights.js';

/**
 * Finds the order of the hidden channels of one network in which its weights are most like another's: {@link matchWeights} without signs.
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
export const weightMatching = (a: Weights, b: Weights): ChannelOrders => matchWeights(a, b, { signs: false }).orders;
