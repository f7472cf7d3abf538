import { meanAndBand, spaceAccuracy, spearman, spread, type SpaceAccuracy } from '@netspace/explore';
import type { CurvePoint } from '@netspace/node';
import * as tf from '@tensorflow/tfjs-core';

import type { Context, Threshold } from '../shared/experiment.js';
import type { GradedSpace } from '../shared/graded/graded-space.js';
import type { GradedZoo } from '../shared/graded/graded-zoo.js';
import { testAccuracyOf } from '../shared/zoo-stage.js';
import type { SingleArchConfig } from './config.js';
import { trained, type Form } from './forms.js';
import { measureWalks, type MeasuredWalk } from './walks.js';

/** What the space of one seed does. */
export interface MeasuredRun {
  readonly seed: number;
  readonly steps: number;
  readonly curve: readonly CurvePoint[];
  /** Accuracy of the best network of the zoo less that of the poorest. */
  readonly zooRange: number;
  readonly heldOut: SpaceAccuracy;
  readonly known: SpaceAccuracy;
  readonly walks: readonly MeasuredWalk[];
}

/** What the spaces of one form do, a run a seed. */
export interface MeasuredForm {
  readonly form: Form;
  readonly runs: readonly MeasuredRun[];
}

/** Trains or loads the spaces of all seeds and measures them. */
export async function measureForm(form: Form, config: SingleArchConfig, context: Context, earlier?: MeasuredForm): Promise<MeasuredForm> {
  const runs: MeasuredRun[] = [];
  for (const seed of config.seeds) {
    const ofSeed = await trained(context, form, seed);
    const measured = await measure(context, config, ofSeed, (earlier?.runs ?? runs)[0]?.walks);
    const { spearman, difference } = measured.heldOut;
    context.log(`${form.files}-${seed}: Spearman ${spearman.toFixed(3)}, difference ${(100 * difference).toFixed(1)} points`);
    runs.push({ seed, curve: ofSeed.curve, steps: ofSeed.curve.at(-1)?.step ?? 0, ...measured });
    tf.dispose(ofSeed.space.variables);
  }
  return { form, runs };
}

/** For `results.json`. */
export function resultsOf({ runs }: MeasuredForm) {
  const walks = runs.flatMap((run) => run.walks);
  const gammas = walks[0]!.gammas;
  const stops = meanAndBand(walks.map(({ accuracies }) => accuracies));
  return {
    runs: runs.map(({ curve, ...rest }) => ({ ...rest, curve: curve.filter((point) => 'heldOutSpearman' in point) })),
    meanWalk: {
      ...{ gammas, ...summary(walks), stops },
      spearman: spearman(
        gammas,
        stops.map((stop) => stop.mean),
      ),
    },
    meanAverage: meanAndBand(walks.map(({ averages }) => averages)),
  };
}

export function thresholdsOf({ form: { label }, runs }: MeasuredForm): readonly Threshold[] {
  const walks = summary(runs.flatMap((run) => run.walks));
  const heldOut = (value: (accuracy: SpaceAccuracy) => number): number => spread(runs.map((run) => value(run.heldOut))).mean;
  return [
    { what: `Spearman of predicted with target accuracy, held-out${label}`, value: heldOut((one) => one.spearman), atLeast: 0.9 },
    { what: `mean |predicted - target| accuracy, held-out${label}`, value: heldOut((one) => one.difference), atMost: 0.03 },
    { what: `Spearman of accuracy with γ, mean over walks${label}`, value: walks.meanSpearman, atLeast: 0.95 },
    { what: `accuracy under the weaker end, worst walk${label}`, value: walks.worstDip, atMost: 0.02 },
  ];
}

async function measure(context: Context, config: SingleArchConfig, { space, splits, zoo }: GradedSpace, earlier?: readonly MeasuredWalk[]) {
  const { signal } = context;
  const { weak, strong, gammas, images } = config.walks;
  const proof = context.stepsLimit !== undefined; // that it runs: a glimpse of everything will do
  const limit = proof ? 100 : splits.test.count;
  const heldOut = await spaceAccuracy(space, zoo.heldOut, splits.test, { signal, limit });
  const known = await spaceAccuracy(space, zoo.known, splits.test, { signal, limit: Math.min(limit, images) });
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
