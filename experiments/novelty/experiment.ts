import { networkTraits, novelty, spread, type NetworkTraits, type Novelty, type Spread } from '@netspace/explore';
import * as tf from '@tensorflow/tfjs-core';

import { chartFile } from '../shared/results/charts.js';
import type { Context, Experiment, Figure, Outcome, Threshold } from '../shared/experiment.js';
import type { Member } from '../shared/zoo-stage.js';
import { forms, trained, type Form } from '../single-arch/forms.js';
import { candidates } from './candidates.js';
import { CONFIGS, type NoveltyConfig } from './config.js';

/** The memorisation test: how far is what a space generates from what it was trained on? */
export const experiment: Experiment<NoveltyConfig> = {
  name: 'novelty',
  question: 'Are sampled and interpolated networks new, in weights and in what they do, and are they any good?',
  configs: CONFIGS,
  run,
};

type MeasuredNetwork = Novelty & Pick<NetworkTraits, 'accuracy'>;

interface Kind {
  readonly kind: string;
  /** Means. */
  readonly accuracy: number;
  readonly distance: number;
  readonly agreement: number;
  readonly networks: readonly MeasuredNetwork[];
}

async function run(config: NoveltyConfig, context: Context): Promise<Outcome> {
  const measured: Measured[] = [];
  for (const form of forms(config)) measured.push(await measure(form, config, context));
  const [first, withoutGap] = [measured[0]!, measured[1]];
  return {
    results: { ...first, ...(withoutGap && { withoutGap }) },
    thresholds: forms(config).flatMap(({ label }, i) => thresholds(measured[i]!, config, label)),
    figures: [
      chart('novelty', 'Nearest instance trained on, by weights and by outputs', first),
      ...(withoutGap ? [chart('novelty-without-gap', 'The same in the space without accuracy gap', withoutGap)] : []),
    ],
  };
}

interface Measured {
  readonly known: { readonly accuracy: Spread };
  readonly kinds: readonly Kind[];
}

/** How new each kind of network is in one form's space. */
async function measure(form: Form, config: NoveltyConfig, context: Context): Promise<Measured> {
  const { space, zoo, splits } = await trained(context, form, 0);
  const images = context.stepsLimit === undefined ? config.images : 100;
  const known: (NetworkTraits & Member)[] = [];
  for (const member of zoo.known) known.push({ ...member, ...(await networkTraits(member.instance, splits.test, { limit: images })) });
  const kinds: Kind[] = [];
  for (const { kind, instances } of await candidates(space, zoo, config, context.seed)) {
    context.signal.throwIfAborted();
    const networks: MeasuredNetwork[] = [];
    for (const instance of instances) {
      const traits = await networkTraits(instance, splits.test, { limit: images });
      // A network of the zoo is not its own neighbor.
      const others = known.filter((one) => one.instance !== instance);
      networks.push({ accuracy: traits.accuracy, ...novelty(traits, others) });
    }
    const mean = (of: (network: MeasuredNetwork) => number): number => spread(networks.map(of)).mean;
    const summary = {
      accuracy: mean((one) => one.accuracy),
      distance: mean((one) => one.distance),
      agreement: mean((one) => one.agreement),
    };
    context.log(`${form.files}, ${kind}: ${Object.entries(summary).map(([key, value]) => `${key} ${value.toFixed(3)}`).join(', ')}`); // prettier-ignore
    kinds.push({ kind, ...summary, networks });
  }
  tf.dispose(space.variables);
  return { known: { accuracy: spread(known.map(({ accuracy }) => accuracy)) }, kinds };
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

const chart = (name: string, title: string, { kinds }: Measured): Figure =>
  chartFile(name, {
    ...{ chart: 'scatter', title },
    x: { label: 'distance of weights, channels aligned', min: 0 },
    y: { label: 'agreement of outputs', format: 'percent', max: 1 },
    series: kinds.map(({ kind, networks }) => ({ name: kind, points: networks.map((one) => [one.distance, one.agreement] as const) })),
  });
