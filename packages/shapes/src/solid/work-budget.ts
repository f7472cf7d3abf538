import { NetSpaceError } from '@netspace/prep';

/** The most elementary steps, of about 10 ns each, for finding the outer surface. A file of a few kilobytes could otherwise take hours. */
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
