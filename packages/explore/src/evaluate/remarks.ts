import type { Diversity } from './diversity.js';
import type { EvaluatedInstance } from './evaluated-instance.js';
import { spread } from './statistics.js';

type Row = Pick<EvaluatedInstance, 'classId' | 'predictedClassId' | 'targetAccuracy' | 'predictedAccuracy'>;

/**
 * Says in sentences what the numbers of an evaluation cannot mean: that a space is collapsed, that a correlation or the ClassIds say nothing.
 *
 * @param images how many each network was measured on
 */
export const evaluationRemarks = (instances: readonly Row[], diversity: Diversity, images: number): readonly string[] => [
  ...(diversity.collapsed ? [collapseRemark(diversity)] : []),
  ...correlationRemarks(instances, diversity.collapsed, images),
  ...classIdRemarks(instances),
];

/**
 * Says that a space is collapsed, with the numbers that show it.
 *
 * @example
 * ```ts
 * import { collapseRemark, type Diversity } from '@netspace/explore';
 *
 * const warn = (diversity: Diversity): void => {
 *   if (diversity.collapsed) console.warn(collapseRemark(diversity));
 * };
 * ```
 */
export function collapseRemark({ weightSpread, fromStart, disagreement, targetDisagreement }: Diversity): string {
  const parts = [
    ...(weightSpread === null ? [] : [`the spread of their weights is ${percent(weightSpread)} of the targets' spread`]),
    ...(fromStart === null
      ? []
      : [`their distance from the network that the decoder starts at is ${percent(fromStart)} of the targets' distance`]),
    ...(disagreement === null || targetDisagreement === null
      ? []
      : [`two of them disagree on ${percent(disagreement)} of the images, two targets on ${percent(targetDisagreement)}`]),
  ];
  return `The space is collapsed: it predicts much the same network whatever it encodes; ${parts.join('; ')}. Train it for longer, or start it from networks (start, units).`;
}

function correlationRemarks(instances: readonly Row[], collapsed: boolean, images: number): readonly string[] {
  if (instances.length < 3) return [`The correlation means nothing: it needs three networks, and there are ${instances.length}.`];
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
