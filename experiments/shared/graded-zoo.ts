import type { ZooRecipe } from '@netspace/train';
import { thinDataset } from '@netspace/zoo';

import type { Splits } from './data.js';
import type { Context } from './experiment.js';
import { builtZoo, testAccuracyOf, type Member } from './zoo-stage.js';

/** Networks of one architecture from poor to good: trained for different lengths, each from initial values of its own. */
export interface GradedZooConfig {
  readonly name: string;
  readonly architecture: string;
  /** How many in all, and how many of them the space never sees. */
  readonly count: number;
  readonly heldOut: number;
  /** Optimizer steps of the shortest and the longest training; the others lie evenly between on a logarithmic scale. */
  readonly steps: readonly [shortest: number, longest: number];
  /** Of Adam, annealed to zero over each instance's own length. */
  readonly learningRate: number;
  readonly batchSize: number;
  /** Test accuracy of the poorest networks used, 0 unless given: worse ones say nearly the same of every image. */
  readonly floor?: number;
}

/** Both ascending by length of training. */
export interface GradedZoo {
  readonly known: readonly Member[];
  readonly heldOut: readonly Member[];
}

/**
 * Builds or loads the zoo; held-out instances are spread evenly over the lengths, neither the shortest nor the longest among them.
 *
 * @param batch networks of a training step: with a limit on steps there are no more to learn from
 */
export async function gradedZoo(
  context: Context,
  config: GradedZooConfig,
  { splits, batch }: { readonly splits: Splits; readonly batch: number },
): Promise<GradedZoo> {
  const { architecture, batchSize, learningRate } = config;
  const limit = context.stepsLimit;
  const [count, kept] = limit === undefined ? [config.count, config.heldOut] : [batch + 2, 2];
  const test = limit === undefined ? splits.test : thinDataset(splits.test, 16);
  const lengths = gradedLengths({ ...config, count }).map((length) => Math.min(length, limit ?? length));
  // From far apart to close: a zoo that is not finished covers all lengths already.
  const order = [...lengths.keys()].sort((a, b) => goldenPlace(a) - goldenPlace(b));
  const recipe: ZooRecipe = {
    ...{ data: splits.train.name, seed: context.seed * count },
    groups: order.map((index) => ({
      ...{ architecture, seeds: [index], lengths: [lengths[index]!], unit: 'steps', snapshots: false, batchSize },
      optimizer: { kind: 'adam', learningRate: { kind: 'cosine', learningRate } },
    })),
  };
  const members = [...(await builtZoo(context, { name: config.name, recipe, splits: { ...splits, test } }))].sort(
    (a, b) => a.record.seed - b.record.seed,
  );
  const indices = new Set(Array.from({ length: kept }, (_, i) => Math.floor(((i + 0.5) * count) / kept)));
  const floor = limit === undefined ? (config.floor ?? 0) : 0; // networks of a step or two are all at chance
  const isGoodEnough = (member: Member): boolean => testAccuracyOf(member) >= floor;
  const all = { known: members.filter((_, i) => !indices.has(i)), heldOut: members.filter((_, i) => indices.has(i)) };
  return { known: all.known.filter(isGoodEnough), heldOut: all.heldOut.filter(isGoodEnough) };
}

/** Whole numbers of steps, ascending. */
export const gradedLengths = ({ count, steps: [shortest, longest] }: Pick<GradedZooConfig, 'count' | 'steps'>): readonly number[] =>
  Array.from({ length: count }, (_, i) => Math.round(shortest * (longest / shortest) ** (i / (count - 1))));

const GOLDEN = (Math.sqrt(5) - 1) / 2;
const goldenPlace = (index: number): number => (index * GOLDEN) % 1;
