import { compareAccuracies, type EvaluatedInstance, type RefinedInstance } from '@netspace/explore';
import type { ReportSection, TableFigure } from '@netspace/report';

import { timesOf } from '../evaluation/evaluation-text.js';
import { type EvaluatedShape, type RefinedShape, SDF_CLIP, summarizeShapes } from '../evaluation/evaluate-shapes.js';

type Times = Pick<RefinedInstance, 'encodeSeconds' | 'refineSeconds'>;

/** What the space makes of encodings beside what it makes of refined ones: means, and each network. */
export function refinementSection(rows: readonly EvaluatedInstance[], refined: readonly RefinedInstance[], steps: number): ReportSection {
  const [plain, better] = [compareAccuracies(rows), compareAccuracies(refined)];
  const share = { format: 'percent' } as const;
  return {
    ...headed(steps, 'on training images', refined),
    figures: [
      means([
        ['difference in accuracy', plain.difference, better.difference],
        ['order kept (Spearman)', plain.spearman, better.spearman],
        ['agreement', plain.agreement, better.agreement],
      ]),
      {
        kind: 'table',
        columns: [
          { label: 'network' },
          ...['target', 'predicted', 'predicted, refined', 'agreement', 'agreement, refined'].map((label) => ({ label, ...share })),
        ],
        rows: refined.map((row, i) => [
          ...[row.name, row.targetAccuracy, rows[i]!.predictedAccuracy, row.predictedAccuracy],
          ...[rows[i]!.agreement, row.agreement],
        ]),
      },
    ],
  };
}

/** The same for shapes. */
export function shapeRefinementSection(rows: readonly EvaluatedShape[], refined: readonly RefinedShape[], steps: number): ReportSection {
  const [plain, better] = [summarizeShapes(rows), summarizeShapes(refined)];
  return {
    ...headed(steps, 'at random points', refined),
    figures: [
      means([
        ['overlap (IoU)', plain.meanIou, better.meanIou],
        ['MSE', plain.meanMse, better.meanMse],
      ]),
      {
        kind: 'table',
        columns: [{ label: 'mean' }, { label: 'start of the search' }, { label: 'end' }],
        rows: [[`difference of distances up to ${SDF_CLIP}`, meanOf(refined, 'before'), meanOf(refined, 'after')]],
      },
      {
        kind: 'table',
        columns: ['network', 'IoU', 'IoU, refined', 'MSE', 'MSE, refined'].map((label) => ({ label })),
        rows: refined.map((row, i) => {
          const first = rows[i]!;
          return [row.name, first.empty ? null : first.iou, row.empty ? null : row.iou, first.mse, row.mse];
        }),
      },
    ],
  };
}

const meanOf = (rows: readonly RefinedShape[], key: 'before' | 'after'): number =>
  rows.reduce((sum, row) => sum + row[key], 0) / Math.max(1, rows.length);

/** The head of a section on refined encodings. */
export const headed = (steps: number, where: string, times: readonly Times[]) => ({
  title: 'Refined encodings',
  text: [
    `The encoder guesses in one pass where a network lies. Refinement moves that embedding, or the closest one that the space learned with, in ${steps} steps, until the network that it decodes to answers as the target does ${where}. The space itself stays as it is. What is measured here are other inputs than those.`,
    ...timesOf(times),
  ],
});

const means = (rows: readonly (readonly [measure: string, encoding: number, refined: number])[]): TableFigure => ({
  kind: 'table',
  columns: [{ label: 'mean' }, { label: 'encodings' }, { label: 'refined' }],
  rows,
});
