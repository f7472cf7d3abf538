import { chartFile } from '../shared/charts.js';
import type { Context, Experiment, Outcome } from '../shared/experiment.js';
import { gradedSpace } from '../shared/graded-space.js';
import { spread } from '../shared/statistics.js';
import { alignedDistance } from './align.js';
import { candidates } from './candidates.js';
import { groupedParameters } from './channel-groups.js';
import { CONFIGS, type NoveltyConfig } from './config.js';
import { agreementOf, outputsOf } from './outputs.js';

/** The memorisation test: how far is what a space generates from what it was trained on? */
export const experiment: Experiment<NoveltyConfig> = {
  name: 'novelty',
  question: 'Are sampled and interpolated networks new, in weights and in what they do, and are they any good?',
  configs: CONFIGS,
  run,
};

/** How new a network is: its nearest among those trained on, other than itself. */
interface Novelty {
  readonly accuracy: number;
  readonly distance: number;
  readonly nearestByWeights: string;
  readonly agreement: number;
  readonly nearestByOutputs: string;
}

interface Kind {
  readonly kind: string;
  /** Means. */
  readonly accuracy: number;
  readonly distance: number;
  readonly agreement: number;
  readonly networks: readonly Novelty[];
}

async function run(config: NoveltyConfig, context: Context): Promise<Outcome> {
  const { space, zoo, splits } = await gradedSpace(context, config.space, { name: 'single-arch-0', seed: context.seed });
  const images = context.stepsLimit === undefined ? config.images : 100;
  const known = [];
  for (const { name, instance } of zoo.known) {
    known.push({ name, instance, weights: await groupedParameters(instance), ...(await outputsOf(instance, splits.test, images)) });
  }
  const kinds: Kind[] = [];
  for (const { kind, instances } of candidates(space, zoo, config, context.seed)) {
    context.signal.throwIfAborted();
    const networks: Novelty[] = [];
    for (const instance of instances) {
      const [weights, outputs] = [await groupedParameters(instance), await outputsOf(instance, splits.test, images)];
      // A network of the zoo is not its own neighbour.
      const others = known.filter((one) => one.instance !== instance);
      const distances = others.map((one) => alignedDistance(weights, one.weights));
      const agreements = others.map((one) => agreementOf(outputs.classes, one.classes));
      const distance = Math.min(...distances);
      const agreement = Math.max(...agreements);
      networks.push({
        accuracy: outputs.accuracy,
        ...{ distance, nearestByWeights: others[distances.indexOf(distance)]!.name },
        ...{ agreement, nearestByOutputs: others[agreements.indexOf(agreement)]!.name },
      });
    }
    const mean = (of: (network: Novelty) => number): number => spread(networks.map(of)).mean;
    const summary = {
      accuracy: mean((one) => one.accuracy),
      distance: mean((one) => one.distance),
      agreement: mean((one) => one.agreement),
    };
    context.log(`${kind}: ${Object.entries(summary).map(([key, value]) => `${key} ${value.toFixed(3)}`).join(', ')}`); // prettier-ignore
    kinds.push({ kind, ...summary, networks });
  }
  const of = (kind: string) => kinds.find((one) => one.kind === kind)!;
  return {
    results: { known: { accuracy: spread(known.map(({ accuracy }) => accuracy)) }, kinds },
    thresholds: [
      {
        what: 'distance of Gaussian samples to the nearest instance trained on, against noisy copies',
        value: of('sampled, Gaussian prior').distance / of(`noise of ${config.noise[0]!} σ added`).distance,
        atLeast: 2,
      },
      {
        what: 'accuracy of Gaussian samples, as a share of that of the instances trained on',
        value: of('sampled, Gaussian prior').accuracy / of('trained on').accuracy,
        atLeast: 0.9,
      },
      {
        what: 'agreement of Gaussian samples with the nearest by outputs, less that of held-out instances',
        value: of('sampled, Gaussian prior').agreement - of('held out').agreement,
      },
    ],
    figures: [
      chartFile('novelty', {
        ...{ chart: 'scatter', title: 'Nearest instance trained on, by weights and by outputs' },
        x: { label: 'distance of weights, channels aligned', min: 0 },
        y: { label: 'agreement of outputs', format: 'percent', max: 1 },
        series: kinds.map(({ kind, networks }) => ({ name: kind, points: networks.map((one) => [one.distance, one.agreement] as const) })),
      }),
    ],
  };
}
