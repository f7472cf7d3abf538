import type { Diversity } from '../evaluate/measures/diversity.js';
import type { EvaluatedInstance } from '../evaluate/evaluated-instance.js';
import { compareAccuracies } from '../evaluate/accuracy/space-accuracy.js';
import { NETWORKS_FOR_ORDER } from '../evaluate/measures/statistics.js';
import { graded, NOT_A_NUMBER, percent, type VerdictFigure } from './verdict-figure.js';

/** The figures of classifiers that decide, what each means, and whether it is good. */
export function classifierFigures(
  rows: readonly EvaluatedInstance[],
  diversity: Diversity,
  remarks: readonly string[],
): readonly VerdictFigure[] {
  if (rows.length === 0) return [];
  const { difference, spearman, agreement } = compareAccuracies(rows);
  const right = rows.filter(({ classId, predictedClassId }) => classId === predictedClassId).length;
  const several = new Set(rows.map(({ classId }) => classId)).size > 1;
  const between = diversity.targetDisagreement === null ? undefined : 1 - diversity.targetDisagreement;
  return [
    {
      label: 'difference in accuracy',
      value: Number.isNaN(difference) ? NOT_A_NUMBER : `${(100 * difference).toFixed(1)} points`,
      note: 'Mean difference between the accuracy of a network and that of its prediction. Good: at most 4 points.',
      ...graded(difference <= 0.04, difference <= 0.08),
    },
    orderKept(rows.length, spearman, remarks),
    {
      label: 'agreement',
      value: percent(agreement),
      note: `Share of the images for which a network and its prediction give the same answer, right or wrong.${
        between === undefined
          ? ''
          : ` Two targets of this table that share an architecture agree on ${percent(between)}: good is half of the way from there to 100 %.`
      }`,
      ...(between !== undefined && graded(agreement >= (1 + between) / 2, agreement > between)),
    },
    ...(several
      ? [
          {
            label: 'architecture recognized',
            value: `${right} of ${rows.length}`,
            note: 'Networks whose architecture (ClassId) the class head names correctly. Good: all.',
            ...graded(right === rows.length, right >= 0.9 * rows.length),
          },
        ]
      : []),
  ];
}

function orderKept(count: number, spearman: number, remarks: readonly string[]): VerdictFigure {
  const label = 'order kept (Spearman)';
  const nothing = { label, value: '–' };
  if (count < NETWORKS_FOR_ORDER) return { ...nothing, note: 'It means nothing here: it needs three networks.' };
  if (remarks.some((remark) => remark.startsWith('The correlation means nothing'))) {
    return { ...nothing, note: 'It means nothing here: the remarks say why.' };
  }
  return {
    ...{ label, value: Number.isFinite(spearman) ? spearman.toFixed(2) : '–' },
    note: 'Whether better networks have better predictions, from −1 to 1. Good: at least 0.9.',
    ...graded(spearman >= 0.9, spearman >= 0.6),
  };
}
