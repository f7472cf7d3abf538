import {
  alignedDistance,
  fitPrior,
  groupedParameters,
  noisyCopy,
  type PriorOptions,
  samplePrior,
  spread,
  type Spread,
} from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import { disposeInstances, type Instance } from '@netspace/prep';
import { type ImageDataset, predictClasses } from '@netspace/zoo';
import { matches, seenLabels } from '@netspace/zoo/internal';
import * as tf from '@tensorflow/tfjs-core';

import { allWeights } from '../embedding/weight-statistics.js';

export interface GeneratedConfig {
  /** Networks of each kind. */
  readonly count: number;
  /** Generated networks come from the embeddings of networks of this share of the best accuracy. */
  readonly floor: number;
  /** Networks of each kind of which every pair is aligned. */
  readonly aligned: number;
  /** Standard deviations of the noise of noisy copies, in those of each tensor. */
  readonly noise: readonly number[];
}

/** How good networks of one kind are, and how far from each other. */
export interface Kind {
  readonly kind: string;
  readonly accuracy: Spread;
  /** Mean Euclidean distance of the weights of two networks, as the paper measures structure. */
  readonly distance: number;
  /** The same after the channels of one were put in the order of the other, as a fraction of their norms. */
  readonly aligned: number;
  /** Share of the images on which two networks disagree. */
  readonly disagreement: number;
  readonly accuracies: readonly number[];
  /** Mean distance of each network to the others. */
  readonly distances: readonly number[];
}

type Maker = readonly [kind: string, make: () => readonly Instance[] | Promise<readonly Instance[]>];

interface Measuring {
  readonly config: GeneratedConfig;
  readonly test: ImageDataset;
  readonly seed: number;
  log(line: string): void;
}

/** Networks that others come from, and noisy copies of them. */
export function zooKinds(anchors: readonly Instance[], measuring: Measuring): Promise<readonly Kind[]> {
  const { config, seed } = measuring;
  const chosen = chosenOf(anchors.length, config.count).map((place) => anchors[place]!);
  return measured(measuring, [
    ['zoo', () => chosen.map(copyOf)],
    ...config.noise.map((level): Maker => [`noise of ${level} σ`, () => chosen.map((one, i) => noisyCopy(one, { level, seed: seed + i }))]),
  ]);
}

/** Networks that a space makes of the embeddings `[N, E]` of the networks that they come from, and of points that are sampled between and around these. */
export function generatedKinds(space: NetSpace, embeddings: tf.Tensor2D, measuring: Measuring): Promise<readonly Kind[]> {
  const { config, seed } = measuring;
  const decoded = (points: tf.Tensor2D) => space.instantiate(points).finally(() => points.dispose());
  const sampled = async (options: PriorOptions) => {
    const prior = await fitPrior(embeddings, options);
    const points = samplePrior(prior, config.count, { seed });
    tf.dispose({ ...prior });
    return decoded(points);
  };
  return measured(measuring, [
    ['reconstructed', () => decoded(tf.gather(embeddings, chosenOf(embeddings.shape[0], config.count)) as tf.Tensor2D)],
    ['Gaussian', () => sampled({ kind: 'gaussian' })],
    ['Gaussian, independent numbers', () => sampled({ kind: 'gaussian', shrinkage: 1 })],
    ['neighbors', () => sampled({ kind: 'neighbors' })],
  ]);
}

/** At most `count` places, evenly spread. */
function chosenOf(all: number, count: number): readonly number[] {
  const length = Math.min(count, all);
  return Array.from({ length }, (_, i) => Math.floor((i * all) / length));
}

async function measured({ config, test, log }: Measuring, kinds: readonly Maker[]): Promise<readonly Kind[]> {
  const found: Kind[] = [];
  for (const [kind, make] of kinds) {
    const instances = await make();
    found.push(await measure(kind, instances, test, config.aligned));
    disposeInstances([...instances]);
    const { accuracy, distance, aligned, disagreement } = found.at(-1)!;
    log(`${kind}: accuracy ${accuracy.mean.toFixed(3)}, best ${accuracy.max.toFixed(3)}, distance ${distance.toFixed(2)}, aligned ${aligned.toFixed(2)}, disagreement ${disagreement.toFixed(3)}`); // prettier-ignore
  }
  return found;
}

const copyOf = ({ architecture, parameters }: Instance): Instance => ({
  architecture,
  parameters: parameters.map((tensor) => tensor.clone()),
});

async function measure(kind: string, instances: readonly Instance[], test: ImageDataset, aligned: number): Promise<Kind> {
  const labels = seenLabels(test, {});
  const [weights, classes, groups] = [[] as number[][], [] as Int32Array[], [] as Awaited<ReturnType<typeof groupedParameters>>[]];
  for (const [i, instance] of instances.entries()) {
    weights.push(await allWeights(instance));
    classes.push(await predictClasses(instance, test));
    if (i < aligned) groups.push(await groupedParameters(instance));
  }
  const accuracies = classes.map((own) => matches(own, labels));
  return {
    ...{ kind, accuracy: spread(accuracies), accuracies },
    distance: meanOfPairs(weights, euclidean),
    aligned: meanOfPairs(groups, alignedDistance),
    disagreement: meanOfPairs(classes, (a, b) => 1 - matches(a, b)),
    distances: weights.map((own) => weights.reduce((sum, other) => sum + euclidean(own, other), 0) / Math.max(1, weights.length - 1)),
  };
}

const euclidean = (a: readonly number[], b: readonly number[]): number =>
  Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0));

/** Mean of a measure over all pairs; 0 if there is none. */
function meanOfPairs<T>(items: readonly T[], measureOf: (a: T, b: T) => number): number {
  const values = items.flatMap((a, i) => items.slice(i + 1).map((b) => measureOf(a, b)));
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
