import * as tf from '@tensorflow/tfjs-core';

import type { Context, Experiment, Outcome, Threshold } from '../shared/experiment.js';
import { forms, trained, type Form } from '../single-arch/forms.js';
import { CONFIGS, type NoveltyConfig } from './config.js';
import { chart, type Measured, measureKinds, mistakes } from './measure-kinds.js';

/** The memorisation test: how far is what a space generates from what it was trained on? */
export const experiment: Experiment<NoveltyConfig> = {
  name: 'novelty',
  question: 'Are sampled and interpolated networks new, in weights and in what they do, and are they any good?',
  configs: CONFIGS,
  run,
};

async function run(config: NoveltyConfig, context: Context): Promise<Outcome> {
  const measured: Measured[] = [];
  for (const form of forms(config)) measured.push(await measure(form, config, context));
  const [first, withoutGap] = [measured[0]!, measured[1]];
  return {
    results: { ...first, ...(withoutGap && { withoutGap }) },
    thresholds: forms(config).flatMap(({ label }, i) => thresholds(measured[i]!, config, label)),
    figures: [
      chart('novelty', 'Nearest instance trained on, by weights and by outputs', first),
      mistakes('mistakes', 'How good, and how new by mistakes', first),
      ...(withoutGap
        ? [
            chart('novelty-without-gap', 'Nearest instance trained on, in the space without accuracy gap', withoutGap),
            mistakes('mistakes-without-gap', 'How good, and how new by mistakes, in the space without accuracy gap', withoutGap),
          ]
        : []),
    ],
  };
}

/** How new each kind of network is in one form's space. */
async function measure(form: Form, config: NoveltyConfig, context: Context): Promise<Measured> {
  const { space, zoo, splits } = await trained(context, form, 0);
  const images = context.stepsLimit === undefined ? config.images : 100;
  const { seed, signal } = context;
  const log = (line: string): void => context.log(`${form.files}, ${line}`);
  const measured = await measureKinds({ space, zoo, test: splits.test }, { ...config, images, seed, signal, log });
  tf.dispose(space.variables);
  return measured;
}

/** @param label goes behind what is measured */
function thresholds({ kinds }: Measured, { noise }: NoveltyConfig, label: string): readonly Threshold[] {
  const of = (kind: string) => kinds.find((one) => one.kind === kind)!;
  const sampled = of('sampled, Gaussian prior');
  return [
    {
      what: `distance of Gaussian samples to the nearest instance trained on, against noisy copies${label}`,
      value: sampled.distance / of(`noise of ${noise[0]!} σ added`).distance,
      atLeast: 2,
    },
    {
      what: `accuracy of Gaussian samples, as a share of that of the instances trained on${label}`,
      value: sampled.accuracy / of('trained on').accuracy,
      atLeast: 0.9,
    },
    {
      what: `agreement of Gaussian samples with the nearest by outputs, less that of held-out instances${label}`,
      value: sampled.agreement - of('held out').agreement,
    },
  ];
}
