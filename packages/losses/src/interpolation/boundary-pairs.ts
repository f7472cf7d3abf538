import { requireArchitectures, requireClassIds } from '../checks.js';

/** Two networks of a batch, by index: one of the smallest and one of the largest architecture. */
export type BoundaryPair = {
  readonly smallest: number;
  readonly largest: number;
};

/**
 * All pairs of boundary instances in a batch: networks i < j of which one has ClassId 0 and the other A − 1, in either order.
 *
 * @param classIds the ClassId of each network of the batch
 * @param architectures how many architectures the space holds, A
 * @returns batch indices, in the order of (i, j); none for a single architecture
 * @throws NetSpaceError `INVALID_OPTION` if A is not a positive integer or a ClassId is not in 0..A-1
 */
export function boundaryPairs(classIds: readonly number[], architectures: number): BoundaryPair[] {
  requireArchitectures('boundaryPairs', architectures);
  requireClassIds('boundaryPairs', classIds, architectures);
  if (architectures < 2) return [];
  const pairs: BoundaryPair[] = [];
  classIds.forEach((a, i) => {
    classIds.slice(i + 1).forEach((b, offset) => {
      const j = i + 1 + offset;
      if (a === 0 && b === architectures - 1) pairs.push({ smallest: i, largest: j });
      else if (a === architectures - 1 && b === 0) pairs.push({ smallest: j, largest: i });
    });
  });
  return pairs;
}
