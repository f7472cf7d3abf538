/** How good a figure, or a space, is. */
export type Grade = 'good' | 'fair' | 'poor';

/** One of the figures that decide whether a space is good. */
export interface VerdictFigure {
  readonly label: string;
  /** As it is shown, e.g. `3.2 points`. */
  readonly value: string;
  /** What the figure means, and what would be good. */
  readonly note: string;
  /** Its grade, by what the note says; undefined if the figure means nothing. */
  readonly verdict?: Grade;
}

const GRADES: readonly Grade[] = ['good', 'fair', 'poor'];

/** The worst grade of some figures; unclear if none has one. */
export function worstGrade(figures: readonly VerdictFigure[]): Grade | 'unclear' {
  const grades = figures.flatMap(({ verdict }) => (verdict === undefined ? [] : [GRADES.indexOf(verdict)]));
  return grades.length === 0 ? 'unclear' : GRADES[Math.max(...grades)]!;
}

/** The grade of a figure that is good, fair, or neither. */
export const graded = (good: boolean, fair: boolean): { readonly verdict: Grade } => ({ verdict: good ? 'good' : fair ? 'fair' : 'poor' });

/** What is shown of NaN. */
export const NOT_A_NUMBER = 'not a number';

export const percent = (share: number): string => (Number.isNaN(share) ? NOT_A_NUMBER : `${(100 * share).toFixed(1)} %`);
