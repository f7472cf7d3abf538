import { spaceAccuracy, type SpaceAccuracy } from '@netspace/explore';
import * as tf from '@tensorflow/tfjs-core';

import { predictedChart } from '../shared/results/charts.js';
import type { Context, Experiment, Outcome } from '../shared/experiment.js';
import { gradedSpace } from '../shared/graded/graded-space.js';
import { CONFIGS, type BaselinesConfig } from './config.js';
import { weightError } from './weight-error.js';

/** The usual competitor: an auto-encoder of weights. */
export const experiment: Experiment<BaselinesConfig> = {
  name: 'baselines',
  question: 'Do networks survive an auto-encoder that was trained to reproduce their weights instead of what they do?',
  configs: CONFIGS,
  run,
};

async function run({ space, weightSteps }: BaselinesConfig, context: Context): Promise<Outcome> {
  const behavior = await measure(context, space, 'single-arch-0');
  const weights = await measure(context, { ...space, training: { ...space.training, steps: weightSteps } }, 'weights-0', {
    kind: 'weights',
  });
  const range = ({ target }: SpaceAccuracy): number => target.max - target.min;
  return {
    results: { behavior, weights },
    thresholds: [
      { what: 'predicted accuracy kept by the space learned by behavior', value: kept(behavior.heldOut), atLeast: 0.9 },
      // "Collapse": less than half of what targets know beyond guessing is left.
      { what: 'predicted accuracy kept by the space learned by weights', value: kept(weights.heldOut), atMost: 0.5 },
      { what: 'spread of held-out accuracies', value: range(behavior.heldOut) },
    ],
    figures: [
      predictedChart('predicted', 'Held-out networks after encoding and decoding', [
        { name: 'space learned by behavior', accuracy: behavior.heldOut },
        { name: 'space learned by weights', accuracy: weights.heldOut },
      ]),
    ],
  };
}

async function measure(context: Context, config: BaselinesConfig['space'], name: string, task?: { readonly kind: 'weights' }) {
  const { space, splits, zoo, curve } = await gradedSpace(context, config, { name, seed: context.seed, ...(task && { task }) });
  const limit = context.stepsLimit === undefined ? splits.test.count : 100;
  const heldOut = await spaceAccuracy(space, zoo.heldOut, splits.test, { signal: context.signal, limit });
  const result = {
    steps: curve.at(-1)?.step ?? 0,
    heldOut,
    weights: { heldOut: weightError(space, zoo.known, zoo.heldOut), known: weightError(space, zoo.known, zoo.known) },
    curve: curve.filter((point) => 'heldOutSpearman' in point),
  };
  tf.dispose(space.variables);
  return result;
}

const CHANCE = 0.1; // ten classes

/** What predicted networks know beyond guessing, as a share of what their targets do. */
const kept = ({ target, predicted }: SpaceAccuracy): number => (predicted.mean - CHANCE) / (target.mean - CHANCE);
