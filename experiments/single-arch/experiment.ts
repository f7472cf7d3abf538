import * as tf from '@tensorflow/tfjs-core';

import type { Context, Experiment, Outcome, Phases } from '../shared/experiment.js';
import { gradedZooPart } from '../shared/graded/graded-space.js';
import { CONFIGS, type SingleArchConfig } from './config.js';
import { figures } from './figures.js';
import { forms, trained } from './forms.js';
import { measureForm, resultsOf, thresholdsOf, type MeasuredForm } from './measure-form.js';

/** Fig. 3 (a) to (d). */
export const experiment: Experiment<SingleArchConfig> = {
  name: 'single-arch',
  question:
    'Do networks that were encoded and decoded do what they did before, and does a line from a weak to a strong one lead through ever better ones?',
  configs: CONFIGS,
  parts,
  run,
};

function parts(config: SingleArchConfig): Phases {
  const spaces = forms(config).flatMap((form) => config.seeds.map((seed) => ({ form, seed })));
  return [
    [gradedZooPart('zoo', config.space)],
    spaces.map(({ form, seed }) => ({
      name: `${form.files}-${seed}`,
      make: async (context) => tf.dispose((await trained(context, form, seed)).space.variables),
    })),
  ];
}

async function run(config: SingleArchConfig, context: Context): Promise<Outcome> {
  const measured: MeasuredForm[] = [];
  for (const form of forms(config)) measured.push(await measureForm(form, config, context, measured[0]));
  const [first, withoutGap] = [measured[0]!, measured[1]];
  return {
    results: { ...resultsOf(first), ...(withoutGap && { withoutGap: resultsOf(withoutGap) }) },
    figures: figures(first, measured.slice(1)),
    thresholds: [
      { what: 'instances in the zoo', value: config.space.zoo.count, ...(context.scale === 'small' && { atLeast: 60 }) },
      { what: 'spread of accuracies in the zoo', value: first.runs[0]!.zooRange, atLeast: 0.25 },
      ...measured.flatMap(thresholdsOf),
    ],
  };
}
