import { countConfusion, type Diversity, type EvaluatedInstance } from '@netspace/explore';
import type { ReportSection } from '@netspace/report';

import type { HeldOut } from './held-out.js';

/** Whether the space tells networks apart at all, and which of the numbers mean nothing. */
export function diversitySection(
  { weightSpread, fromStart, disagreement, targetDisagreement, collapsed }: Diversity,
  remarks: readonly string[],
): ReportSection {
  const rows = [
    ['spread of the predicted weights, as a share of the spread of the targets', weightSpread],
    ['distance of predicted weights from the start of the decoder, as a share of the distance of the targets', fromStart],
    ['images on which two predicted networks disagree', disagreement],
    ['images on which two targets disagree', targetDisagreement],
  ] as const;
  return {
    title: collapsed ? 'A collapsed space' : 'Does the space tell networks apart?',
    text: [
      'The figures of this section are of all networks of the table. A collapsed space predicts the same network whatever it encodes; its averages may look good all the same. The first two rows are near 0 % in a collapsed space; the shipped space of digits has 36 % and 41 %. More is better, up to 100 %: beyond that, predictions are farther off than any target. Two predicted networks should disagree on about as many images as two targets do.',
      ...remarks,
    ],
    figures: [{ kind: 'table', columns: [{ label: 'measure' }, { label: 'value', format: 'percent' }], rows }],
  };
}

/** Each network beside its prediction. */
export function comparisonSection(
  rows: readonly EvaluatedInstance[],
  { data, names, held }: { readonly data: string; readonly names: readonly string[]; readonly held: HeldOut },
): ReportSection {
  const share = { format: 'percent' } as const;
  // Networks that were held out first, in colors of their own: they are those that count.
  const groups = held.names.size === 0 ? [''] : [', held out', ', trained on'];
  const series = groups.flatMap((group) =>
    names.map((name) => ({
      name: `${name}${group}`,
      points: rows
        .filter((row) => row.architecture === name && (group === '' || held.names.has(row.name) === (group === ', held out')))
        .map((row) => [row.targetAccuracy, row.predictedAccuracy] as const),
    })),
  );
  return {
    title: `Targets and predicted networks on ${data}`,
    text: 'A target is a network of the zoo. The space encodes it into an embedding, and the decoder turns the embedding into the predicted network. A point on the dashed line is a prediction that is right as often as its target, which does not say that both are right on the same images: the agreement does.',
    figures: [
      {
        ...({
          kind: 'chart',
          chart: 'scatter',
          title: 'Accuracy',
          diagonal: true,
          series: series.filter(({ points }) => points.length > 0),
        } as const),
        x: { label: 'accuracy of the target', ...share },
        y: { label: 'accuracy of the predicted network', ...share },
      },
      {
        kind: 'table',
        columns: [
          { label: 'network' },
          { label: 'held out' },
          { label: 'read as' },
          ...['target', 'predicted', 'agreement'].map((label) => ({ label, ...share })),
        ],
        rows: held
          .first(rows)
          .map((row) => [
            row.name,
            held.mark(row.name),
            row.predictedClassId === row.classId ? 'itself' : (names[row.predictedClassId] ?? String(row.predictedClassId)),
            row.targetAccuracy,
            row.predictedAccuracy,
            row.agreement,
          ]),
      },
    ],
  };
}

/** Which architecture is taken for which; nothing for a space of one. */
export function classIdSection(
  rows: readonly Pick<EvaluatedInstance, 'classId' | 'predictedClassId'>[],
  names: readonly string[],
): ReportSection[] {
  if (names.length === 1) return [];
  const { matrix } = countConfusion(rows, names);
  const sides = { rows: { label: 'is', names }, columns: { label: 'read as', names } };
  return [
    {
      title: 'Architectures (ClassIds)',
      text: 'The ClassId is the number of an architecture, by size. The space computes it from the embedding to know which architecture to decode. Networks off the diagonal are decoded as another architecture.',
      figures: [{ kind: 'heatmap', ...sides, values: matrix, format: 'integer' }],
    },
  ];
}
