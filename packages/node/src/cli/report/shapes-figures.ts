import type { VerdictFigure } from '@netspace/explore';

import { type EvaluatedShape, summarizeShapes } from '../evaluation/evaluate-shapes.js';

/** The figures that decide of predicted shapes, what each means, and whether it is good. */
export function shapesFigures(rows: readonly EvaluatedShape[]): readonly VerdictFigure[] {
  const { count, empty, meanIou } = summarizeShapes(rows);
  return [
    {
      label: 'overlap (IoU)',
      value: count === empty ? '–' : meanIou.toFixed(2),
      ...(count > empty && { verdict: meanIou >= 0.8 ? ('good' as const) : meanIou >= 0.5 ? ('fair' as const) : ('poor' as const) }),
      note: 'Volume inside both shapes divided by the volume inside either, mean over networks. Good: at least 0.8.',
    },
  ];
}
