import { NetSpaceError, type Instance } from '@netspace/prep';
import { predictClasses, type EvaluationOptions, type LabeledDataset } from '@netspace/zoo';
import { matches, seenLabels } from '@netspace/zoo/internal';

import { alignedDistance } from '../align/aligned-distance.js';
import { groupedParameters, type Weights } from '../align/channel-groups.js';

/** The properties by which a network is compared. */
export interface NetworkTraits {
  readonly weights: Weights;
  /** The class that it gives each image, `[images]`. */
  readonly classes: Int32Array;
  /** Fraction of the images to which it gives their label, in [0, 1]. */
  readonly accuracy: number;
}

/** How new a network is: its nearest known networks, by weights and by answers. */
export interface Novelty {
  /** Distance of the weights to those of the nearest known network, with channels aligned; see `alignedDistance`. */
  readonly distance: number;
  readonly nearestByWeights: string;
  /** Fraction of the images for which the most similar known network gives the same class, in [0, 1]. */
  readonly agreement: number;
  readonly nearestByOutputs: string;
}

/**
 * Runs a network on some images and reads its weights, for {@link novelty}.
 *
 * @param dataset images that no network was trained on
 * @throws NetSpaceError as `predictClasses`
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { networkTraits } from '@netspace/explore';
 * import { initialize, lenetLike, parseCifar10 } from '@netspace/zoo';
 *
 * const architecture = lenetLike({ width: 0.1 });
 * const network = { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) };
 * const { classes, weights } = await networkTraits(network, parseCifar10(new Uint8Array(4 * 3073)));
 * console.log(classes.length, weights.length); // 4 10
 * ```
 */
export async function networkTraits(instance: Instance, dataset: LabeledDataset, options: EvaluationOptions = {}): Promise<NetworkTraits> {
  const weights = await groupedParameters(instance);
  const classes = await predictClasses(instance, dataset, options);
  return { weights, classes, accuracy: matches(classes, seenLabels(dataset, options)) };
}

/**
 * Tells whether a network is new or a copy: its distance to the nearest known network by weights, and its agreement with the nearest by
 * outputs. A copy with its channels in another order has distance 0 and agreement 1.
 *
 * @param network a generated network
 * @param known networks to compare with, usually those that the space was trained on; of the same architecture, with traits of the same
 * images
 * @throws NetSpaceError `INVALID_OPTION` if there is no known network, `UNSUPPORTED` if architectures differ
 * @see Schürholt et al., "Hyper-Representations as Generative Models", arXiv:2209.14733 (samples against the zoo that they come from)
 * @example
 * ```ts
 * import { type NetworkTraits, novelty } from '@netspace/explore';
 *
 * const traits = (numbers: number[]): NetworkTraits => ({
 *   weights: [{ data: Float32Array.from(numbers), shape: [2], groups: ['hidden'] }],
 *   classes: Int32Array.of(3, 1),
 *   accuracy: 1,
 * });
 * const { distance, nearestByWeights } = novelty(traits([1, 2]), [{ name: 'with its channels exchanged', ...traits([2, 1]) }]);
 * console.log(distance, nearestByWeights); // 0 with its channels exchanged
 * ```
 */
export function novelty(network: NetworkTraits, known: readonly (NetworkTraits & { readonly name: string })[]): Novelty {
  if (known.length === 0)
    throw new NetSpaceError('INVALID_OPTION', 'novelty: expected at least one known network to compare with, got none');
  const distances = known.map((one) => alignedDistance(network.weights, one.weights));
  const agreements = known.map((one) => matches(network.classes, one.classes));
  const distance = Math.min(...distances);
  const agreement = Math.max(...agreements);
  return {
    ...{ distance, nearestByWeights: known[distances.indexOf(distance)]!.name },
    ...{ agreement, nearestByOutputs: known[agreements.indexOf(agreement)]!.name },
  };
}
