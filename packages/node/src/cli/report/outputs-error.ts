import { type EvaluatedOutputs, summarizeOutputs } from '@netspace/explore';

/** What networks of numbers were measured as, and what the targets have to do with each other. */
export interface MeasuredOutputs {
  readonly task: 'regression' | 'rgb' | 'occupancy';
  /** R² of a target against another target, mean; null if there is none. */
  readonly targetR2: number | null;
}

/** What refinement is measured by: the error of some networks in [0, 1], and the name of what is missing to 1. */
export function errorOfOutputs({ task }: MeasuredOutputs): {
  readonly label: string;
  readonly errorOf: (rows: readonly EvaluatedOutputs[]) => number;
} {
  const clamped = (value: number): number => Math.min(1, Math.max(0, value));
  if (task === 'occupancy') return { label: 'the overlap (IoU)', errorOf: (rows) => 1 - (summarizeOutputs(rows).meanIou ?? 0) };
  return { label: 'R²', errorOf: (rows) => clamped(1 - (summarizeOutputs(rows).meanR2 ?? 0)) };
}
