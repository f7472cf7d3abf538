import * as tf from '@tensorflow/tfjs-core';

import { accuracyAxis, bandSeries, chartFile, learningSeries, predictedChart } from '../shared/charts.js';
import type { Context, Experiment, Outcome } from '../shared/experiment.js';
import { gradedSpace, gradedZooPart, type GradedSpace } from '../shared/graded-space.js';
import type { GradedZoo } from '../shared/graded-zoo.js';
import { spaceAccuracy } from '../shared/space-accuracy.js';
import { meanAndBand, spearman, spread } from '../shared/statistics.js';
import { testAccuracyOf } from '../shared/zoo-stage.js';
import { CONFIGS, type SingleArchConfig } from './config.js';
import { measureWalks, type MeasuredWalk } from './walks.js';

/** Fig. 3 (a) to (d). */
export const experiment: Experiment<SingleArchConfig> = {
  name: 'single-arch',
  question:
    'Do networks that were encoded and decoded do what they did before, and does a line from a weak to a strong one lead through ever better ones?',
  configs: CONFIGS,
  parts: (config) => [
    [gradedZooPart('zoo', config.space)],
    config.seeds.map((seed) => ({
      name: `space ${seed}`,
      make: async (context) => tf.dispose((await trained(context, config, seed)).space.variables),
    })),
  ],
  run,
};

async function run(config: SingleArchConfig, context: Context): Promise<Outcome> {
  const runs = [];
  for (const seed of config.seeds) {
    const ofSeed = await trained(context, config, seed);
    const run = await measure(context, config, ofSeed, runs[0]?.walks);
    context.log(
      `seed ${seed}: Spearman ${run.heldOut.spearman.toFixed(3)}, difference ${(100 * run.heldOut.difference).toFixed(1)} points`,
    );
    runs.push({ seed, curve: ofSeed.curve, steps: ofSeed.curve.at(-1)?.step ?? 0, ...run });
    tf.dispose(ofSeed.space.variables);
  }
  const walks = runs.flatMap((run) => run.walks);
  const gammas = walks[0]!.gammas;
  const mean = meanAndBand(walks.map(({ accuracies }) => accuracies));
  return {
    results: {
      runs: runs.map(({ curve, ...rest }) => ({ ...rest, curve: curve.filter((point) => 'heldOutSpearman' in point) })),
      meanWalk: {
        gammas,
        ...summary(walks),
        spearman: spearman(
          gammas,
          mean.map((stop) => stop.mean),
        ),
        stops: mean,
      },
      meanAverage: meanAndBand(walks.map(({ averages }) => averages)),
    },
    thresholds: [
      { what: 'instances in the zoo', value: config.space.zoo.count, ...(context.scale === 'small' && { atLeast: 60 }) },
      { what: 'spread of accuracies in the zoo', value: runs[0]!.zooRange, atLeast: 0.25 },
      { what: 'Spearman of predicted with target accuracy, held-out', value: average(runs, (one) => one.heldOut.spearman), atLeast: 0.9 },
      { what: 'mean |predicted - target| accuracy, held-out', value: average(runs, (one) => one.heldOut.difference), atMost: 0.03 },
      { what: 'Spearman of accuracy with γ, mean over walks', value: summary(walks).meanSpearman, atLeast: 0.95 },
      { what: 'accuracy under the weaker end, worst walk', value: summary(walks).worstDip, atMost: 0.02 },
    ],
    figures: [
      predictedChart('predicted', 'Encoded and decoded again: accuracy on test images', [
        { name: 'held out', accuracy: runs[0]!.heldOut },
        { name: 'trained on', accuracy: runs[0]!.known },
      ]),
      chartFile('walks', {
        ...{ chart: 'line', title: `From weak to strong: mean and range of ${walks.length} walks` },
        ...{ x: { label: 'γ', min: 0, max: 1 }, y: accuracyAxis('test accuracy') },
        series: [
          bandSeries(
            'embeddings interpolated',
            gammas,
            walks.map(({ accuracies }) => accuracies),
          ),
          bandSeries(
            'weights averaged',
            gammas,
            walks.map(({ averages }) => averages),
          ),
        ],
      }),
      chartFile('learning', {
        ...{ chart: 'line', title: 'Held-out networks while the space learns' },
        ...{ x: { label: 'step', format: 'integer' }, y: { label: 'Spearman; mean difference of accuracy' } },
        series: runs.flatMap(({ seed, curve }) => [
          learningSeries(`Spearman, seed ${seed}`, curve, 'heldOutSpearman'),
          learningSeries(`difference, seed ${seed}`, curve, 'heldOutDifference'),
        ]),
      }),
    ],
  };
}

const trained = (context: Context, { space }: SingleArchConfig, seed: number): Promise<GradedSpace> =>
  gradedSpace(context, space, { name: `single-arch-${seed}`, seed: context.seed + seed });

async function measure(context: Context, config: SingleArchConfig, { space, splits, zoo }: GradedSpace, earlier?: readonly MeasuredWalk[]) {
  const { weak, strong, gammas, images } = config.walks;
  const proof = context.stepsLimit !== undefined; // that it runs: a glimpse of everything will do
  const limit = proof ? 100 : splits.test.count;
  const heldOut = await spaceAccuracy(context, space, zoo.heldOut, splits.test, limit);
  const known = await spaceAccuracy(context, space, zoo.known, splits.test, Math.min(limit, images));
  const byAccuracy = [...zoo.heldOut].sort((a, b) => testAccuracyOf(a) - testAccuracyOf(b));
  const pairs = byAccuracy.slice(0, weak).flatMap((from) => byAccuracy.slice(-strong).map((to) => [from, to] as const));
  const walks = await measureWalks(context, space, {
    ...{ pairs, gammas: proof ? 3 : gammas, images: splits.test },
    ...{ limit: Math.min(limit, images), known: earlier },
  });
  return { zooRange: rangeOf(zoo), heldOut, known, walks };
}

function summary(walks: readonly MeasuredWalk[]) {
  const correlations = spread(walks.map((walk) => walk.spearman));
  return { meanSpearman: correlations.mean, worstSpearman: correlations.min, worstDip: spread(walks.map(({ dip }) => dip)).max };
}

/** Between the poorest and the best network of the zoo, as measured when they were trained. */
function rangeOf({ known, heldOut }: GradedZoo): number {
  const { min, max } = spread([...known, ...heldOut].map(testAccuracyOf));
  return max - min;
}

const average = <T>(items: readonly T[], value: (item: T) => number): number => spread(items.map(value)).mean;
