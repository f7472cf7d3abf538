import { randomStream } from '@netspace/prep/internal';
import { UMAP } from 'umap-js';

import type { Rows } from '../shared/results/regression.js';

/** Places of rows in the plane, near ones near each other; the same for the same seed. */
export function mapOf(
  rows: Rows,
  { neighbors, seed }: { readonly neighbors: number; readonly seed: number },
): (readonly [number, number])[] {
  const umap = new UMAP({ nComponents: 2, nNeighbors: Math.min(neighbors, rows.length - 1), minDist: 0.2, random: randomStream(seed) });
  return umap.fit(rows.map((row) => [...row])).map(([x, y]) => [x!, y!] as const);
}
