import type { ZooRecipe } from '@netspace/train';
import { thinDataset } from '@netspace/zoo';

import type { Splits } from '../data.js';
import type { Context } from '../experiment.js';
import { builtZoo, testAccuracyOf, type Member } from '../zoo-stage.js';

/** Networks of one architecture from poor to good: trained for different lengths, each from initial values of its own. */
export interface GradedZooConfig {
  readonly name: string;
  readonly architecture: string;
  /** How many in all, and how many of them the space never sees. */
  readonly count: number;
  readonly heldOut: number;
  /** How many more the space never sees, of seeds of their own: few networks make a rank correlation a matter of luck; 0 unless given. */
  readonly more?: number;
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
  const limit = context.stepsLimit;
  const [count, kept] = limit === undefined ? [config.count, config.heldOut] : [batch + 2, 2];
  const members = await trainedFor(context, config, { splits, count, first: 0 });
  const more =
    limit === undefined && config.more ? await trainedFor(context, config, { splits, count: config.more, first: FIRST_OF_MORE }) : [];
  const indices = new Set(Array.from({ length: kept }, (_, i) => Math.floor(((i + 0.5) * count) / kept)));
  const floor = limit === undefined ? (config.floor ?? 0) : 0; // networks of a step or two are all at chance
  const isGoodEnough = (member: Member): boolean => testAccuracyOf(member) >= floor;
  const heldOut = [...members.filter((_, i) => indices.has(i)), ...more].sort((a, b) => a.record.epochs - b.record.epochs);
  return { known: members.filter((member, i) => !indices.has(i) && isGoodEnough(member)), heldOut: heldOut.filter(isGoodEnough) };
}

/** Seed of the first network beside those of `count`. */
const FIRST_OF_MORE = 1000;

/** Networks of consecutive seeds, trained for longer and longer; ascending by length of training. */
async function trainedFor(
  context: Context,
  config: GradedZooConfig,
  { splits, count, first }: { readonly splits: Splits; readonly count: number; readonly first: number },
): Promise<readonly Member[]> {
  const limit = context.stepsLimit;
  const test = limit === undefined ? splits.test : thinDataset(splits.test, 16);
  const recipe: ZooRecipe = {
    ...{ data: splits.train.name, seed: context.seed * count },
    groups: gradedGroups({ ...config, count }, { first, limit }),
  };
  const name = first === 0 ? config.name : `${config.name}-more`;
  const built = await builtZoo(context, { name, recipe, splits: { ...splits, test } });
  return [...built].sort((a, b) => a.record.seed - b.record.seed);
}

/**
 * One group a network, of the seeds `first`, `first` + 1 and so on, which are trained for longer and longer. They come from far apart to
 * close: a zoo that is not finished covers all lengths already.
 *
 * @param limit no network is trained for more steps
 */
export function gradedGroups(
  {
    architecture,
    batchSize,
    learningRate,
    ...grades
  }: Pick<GradedZooConfig, 'architecture' | 'batchSize' | 'learningRate' | 'steps' | 'count'>,
  { first, limit = Infinity }: { readonly first: number; readonly limit?: number | undefined },
): ZooRecipe['groups'] {
  const lengths = gradedLengths(grades).map((length) => Math.min(length, limit));
  const order = [...lengths.keys()].sort((a, b) => goldenPlace(a) - goldenPlace(b));
  return order.map((index) => ({
    ...{ architecture, seeds: [first + index], lengths: [lengths[index]!], unit: 'steps', snapshots: false, batchSize },
    optimizer: { kind: 'adam', learningRate: { kind: 'cosine', learningRate } },
  }));
}

/** Whole numbers of steps, ascending. */
export const gradedLengths = ({ count, steps: [shortest, longest] }: Pick<GradedZooConfig, 'count' | 'steps'>): readonly number[] =>
  Array.from({ length: count }, (_, i) => Math.round(shortest * (longest / shortest) ** (i / (count - 1))));

const GOLDEN = (Math.sqrt(5) - 1) / 2;
const goldenPlace = (index: number): number => (index * GOLDEN) % 1;
