import { munkres } from 'munkres';

import type { Similarities } from './similarities.js';

/** Which channel of the second network stands at each place of the first, and what it is multiplied by. */
export interface Assignment {
  readonly order: readonly number[];
  /** By units whose sign may change. */
  readonly signs: ReadonlyMap<string, readonly number[]>;
}

/** The assignment of channels, and the signs of units, for which the sum of similarities is greatest: Munkres, O(size³). */
export function assign({ size, plain, signed }: Similarities): Assignment {
  const costs = Array.from({ length: size }, (_, i) => Array.from(plain.subarray(i * size, (i + 1) * size), (value) => -value));
  for (const { products, equal, opposite } of signed.values()) {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        const at = i * size + j;
        costs[i]![j]! -= Math.max(products[at]! + equal[at]!, opposite[at]! - products[at]!);
      }
    }
  }
  const order = Array<number>(size).fill(0);
  for (const [i, j] of munkres(costs)) order[i] = j;
  const signs = [...signed].map(([units, { products, equal, opposite }]) => {
    const negated = (at: number): boolean => opposite[at]! - products[at]! > products[at]! + equal[at]!;
    return [units, order.map((j, i) => (negated(i * size + j) ? -1 : 1))] as const;
  });
  return { order, signs: new Map(signs) };
}
