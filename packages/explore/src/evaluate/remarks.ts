import type { NetSpace } from '@netspace/model';

import type { Diversity } from './measures/diversity.js';
import type { EvaluatedInstance } from './evaluated-instance.js';
import { NETWORKS_FOR_ORDER, spread } from './measures/statistics.js';

type Row = Pick<EvaluatedInstance, 'classId' | 'predictedClassId' | 'targetAccuracy' | 'predictedAccuracy'>;

/**
 * Sentences on the numbers of an evaluation: whether the space is collapsed, and whether a correlation or the ClassIds have no meaning.
 *
 * @param images how many each network was measured on
 * @param space how it started, which decides the advice
 */
export const evaluationRemarks = (
  instances: readonly Row[],
  diversity: Diversity,
  images: number,
  space?: SpaceStart,
): readonly string[] => [
  ...(diversity.collapsed ? [collapseRemark(diversity, space)] : []),
  ...correlationRemarks(instances, diversity.collapsed, images),
  ...classIdRemarks(instances),
];

/**
 * A sentence that says that a space is collapsed, with the numbers that show it and advice.
 *
 * @param space how it started, so that the advice names only changes that were not made yet
 * @example
 * ```ts
 * import { collapseRemark, type Diversity } from '@netspace/explore';
 *
 * const warn = (diversity: Diversity): void => {
 *   if (diversity.collapsed) console.warn(collapseRemark(diversity));
 * };
 * ```
 */
export function collapseRemark(
  { weightSpread, fromStart, disagreement, targetDisagreement }: Diversity,
  space?: Pick<NetSpace, 'startedFrom' | 'normalization'>,
): string {
  const parts = [
    ...(weightSpread === null ? [] : [`the spread of their weights is ${percent(weightSpread)} of the targets' spread`]),
    ...(fromStart === null
      ? []
      : [`their distance from the network that the decoder starts at is ${percent(fromStart)} of the targets' distance`]),
    ...(disagreement === null || targetDisagreement === null
      ? []
      : [`two of them disagree on ${percent(disagreement)} of the images, two targets on ${percent(targetDisagreement)}`]),
  ];
  return `The space is collapsed: it predicts nearly the same network for everything that it encodes; ${parts.join('; ')}. ${adviceFor(space)}`;
}

/** The properties of a space that decide the advice. */
type SpaceStart = Pick<NetSpace, 'startedFrom' | 'normalization'>;

function adviceFor(space: SpaceStart | undefined): string {
  const missing = [
    ...(space === undefined || space.startedFrom === 'random' ? ['start'] : []),
    ...(space?.normalization === undefined ? ['units'] : []),
  ];
  if (missing.length === 0) return 'It started from networks and has units: train it for longer, on networks that differ in what they do.';
  return `Train it for longer, or make it with ${missing.join(' and ')} of the zoo.`;
}

function correlationRemarks(instances: readonly Row[], collapsed: boolean, images: number): readonly string[] {
  if (instances.length < NETWORKS_FOR_ORDER)
    return [`The correlation means nothing: it needs three networks, and there are ${instances.length}.`];
  if (collapsed) return ['The correlation means nothing: the space is collapsed.'];
  const sides = {
    targets: instances.map((row) => row.targetAccuracy),
    'predicted networks': instances.map((row) => row.predictedAccuracy),
  };
  return Object.entries(sides).flatMap(([name, accuracies]) => {
    const { mean, std } = spread(accuracies);
    const chance = Math.sqrt((mean * (1 - mean)) / images);
    if (std > chance) return [];
    return [
      `The correlation means nothing: accuracies of ${name} spread by ${percent(std)}, and chance alone gives ${percent(chance)} on ${images} images.`,
    ];
  });
}

function classIdRemarks(instances: readonly Row[]): readonly string[] {
  const [own, said] = [new Set(instances.map((row) => row.classId)), new Set(instances.map((row) => row.predictedClassId))];
  if (own.size === 1) return ['ClassIds mean nothing: all networks are of one architecture.'];
  if (said.size === 1) return [`ClassIds mean nothing: networks of ${own.size} architectures are all taken for ClassId ${[...said][0]}.`];
  return [];
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;
