import { NetSpaceError } from '@netspace/prep';

/** Elementary steps, about 10 ns each, that looking for the outer surface may take; a file of a few kilobytes could ask for hours. */
const MOST_STEPS = 1e10;

/** Counts steps and refuses to go on beyond the limit. */
export class WorkBudget {
  private left: number;

  constructor(steps = MOST_STEPS) {
    this.left = steps;
  }

  spend(steps: number): void {
    this.left -= steps;
    if (this.left >= 0) return;
    throw new NetSpaceError(
      'LIMIT_EXCEEDED',
      'outerSurface: expected a mesh whose triangles cross rarely, got one where too many do; simplify it, or pass `surface: "every"`',
    );
  }
}
