import { networkTraits, novelty, spread, type NetworkTraits, type Novelty, type Spread } from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import type { ImageDataset } from '@netspace/zoo';
import { seenLabels } from '@netspace/zoo/internal';

import { chartFile } from '../shared/results/charts.js';
import type { Figure } from '../shared/experiment.js';
import type { GradedZoo } from '../shared/graded/graded-zoo.js';
import type { Member } from '../shared/zoo-stage.js';
import { candidates } from './candidates.js';
import type { NoveltyConfig } from './config.js';
import { errorOverlap } from './error-overlap.js';

type MeasuredNetwork = Novelty &
  Pick<NetworkTraits, 'accuracy'> & {
    /** The largest overlap of its mistakes with those of a network that the space was trained on; see `errorOverlap`. */
    readonly overlap: number;
  };

interface Kind {
  readonly kind: string;
  /** Means. */
  readonly accuracy: number;
  readonly distance: number;
  readonly agreement: number;
  readonly overlap: number;
  readonly networks: readonly MeasuredNetwork[];
}

export interface Measured {
  readonly known: { readonly accuracy: Spread };
  readonly kinds: readonly Kind[];
}

interface Place {
  /** Of one architecture. */
  readonly space: NetSpace;
  readonly zoo: GradedZoo;
  readonly test: ImageDataset;
}

interface Settings extends Omit<NoveltyConfig, 'space'> {
  readonly seed: number;
  readonly signal?: AbortSignal;
  log(line: string): void;
}

/** How new each kind of network is, and how good. */
export async function measureKinds({ space, zoo, test }: Place, { seed, signal, log, ...config }: Settings): Promise<Measured> {
  const limit = config.images;
  const labels = seenLabels(test, { limit });
  const known: (NetworkTraits & Member)[] = [];
  for (const member of zoo.known) known.push({ ...member, ...(await networkTraits(member.instance, test, { limit })) });
  const kinds: Kind[] = [];
  for (const { kind, instances } of await candidates(space, zoo, config, seed)) {
    signal?.throwIfAborted();
    const networks: MeasuredNetwork[] = [];
    for (const instance of instances) {
      const traits = await networkTraits(instance, test, { limit });
      // A network of the zoo is not its own neighbor.
      const others = known.filter((one) => one.instance !== instance);
      const overlap = Math.max(...others.map(({ classes }) => errorOverlap(traits.classes, classes, labels)));
      networks.push({ accuracy: traits.accuracy, overlap, ...novelty(traits, others) });
    }
    const mean = (of: (network: MeasuredNetwork) => number): number => spread(networks.map(of)).mean;
    const summary = {
      accuracy: mean((one) => one.accuracy),
      distance: mean((one) => one.distance),
      agreement: mean((one) => one.agreement),
      overlap: mean((one) => one.overlap),
    };
    log(`${kind}: ${Object.entries(summary).map(([key, value]) => `${key} ${value.toFixed(3)}`).join(', ')}`); // prettier-ignore
    kinds.push({ kind, ...summary, networks });
  }
  return { known: { accuracy: spread(known.map(({ accuracy }) => accuracy)) }, kinds };
}

/** Agreement with the nearest network by outputs against the distance of the nearest by weights. */
export const chart = (name: string, title: string, { kinds }: Measured): Figure =>
  chartFile(name, {
    ...{ chart: 'scatter', title },
    x: { label: 'distance of weights, channels aligned', min: 0 },
    y: { label: 'agreement of outputs', format: 'percent', max: 1 },
    series: kinds.map(({ kind, networks }) => ({ name: kind, points: networks.map((one) => [one.distance, one.agreement] as const) })),
  });

/** What a space makes, and what one gets more simply, under names that fit into one line of a legend. */
const SHOWN: Readonly<Record<string, string>> = {
  'trained on': 'trained on',
  'interpolated halfway': 'halfway',
  'sampled, Gaussian prior': 'sampled',
  'noise of 0.1 σ added': 'noise 0.1 σ',
  'two averaged, aligned': 'averages',
  'Gaussian of aligned weights': 'Gaussian',
};

/** Accuracy against novelty by mistakes. */
export const mistakes = (name: string, title: string, { kinds }: Measured): Figure =>
  chartFile(name, {
    ...{ chart: 'scatter', title },
    x: { label: 'novelty: 1 − largest overlap of mistakes', min: 0, max: 1 },
    y: { label: 'accuracy', format: 'percent', min: 0 },
    series: kinds.flatMap(({ kind, networks }) => {
      const shown = SHOWN[kind];
      return shown === undefined ? [] : [{ name: shown, points: networks.map((one) => [1 - one.overlap, one.accuracy] as const) }];
    }),
  });
