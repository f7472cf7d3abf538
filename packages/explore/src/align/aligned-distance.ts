import type { Weights } from './channel-groups.js';
import { matchWeights } from './match-weights.js';

/**
 * Distance of two networks' weights when the hidden channels of the second are permuted, and its units negated where they can be, to match
 * the first:
 * `‖a − π b‖ / (½ (‖a‖ + ‖b‖))` with π from {@link matchWeights}. Hidden channels have no natural order, so without π two copies of one
 * network can be far apart.
 *
 * @param a weights of a network, from {@link groupedParameters}
 * @param b weights of another one of the same architecture
 * @returns dimensionless: 0 for the same network with its channels in any order, about √2 for unrelated ones
 * @throws NetSpaceError `UNSUPPORTED` if the weights are of two architectures
 * @see Ainsworth, Hayase, Srinivasa, "Git Re-Basin", arXiv:2209.04836
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { alignedDistance, groupedParameters } from '@netspace/explore';
 * import { initialize, lenetLike } from '@netspace/zoo';
 *
 * const architecture = lenetLike({ width: 0.1 });
 * const weights = await groupedParameters({ architecture, parameters: initialize(architecture.parameters, { seed: 1 }) });
 * console.log(alignedDistance(weights, weights)); // 0
 * ```
 */
export function alignedDistance(a: Weights, b: Weights): number {
  return matchWeights(a, b).distance / ((norm(a) + norm(b)) / 2);
}

const norm = (weights: Weights): number =>
  Math.sqrt(weights.reduce((sum, { data }) => sum + data.reduce((s, value) => s + value ** 2, 0), 0));
