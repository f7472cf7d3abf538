/** When something ran, in seconds since 1970. */
export type Span = readonly [from: number, to: number];

/**
 * Seconds by the clock in which at least one of the spans ran. Spans that overlap count once.
 *
 * @example
 * ```ts
 * import { secondsCovered } from '@netspace/node';
 *
 * console.log(secondsCovered([[0, 10], [5, 12], [20, 21]])); // 13
 * ```
 */
export function secondsCovered(spans: readonly Span[]): number {
  let seconds = 0;
  let covered = -Infinity;
  for (const [from, to] of [...spans].sort(([a], [b]) => a - b)) {
    seconds += Math.max(0, to - Math.max(from, covered));
    covered = Math.max(covered, to);
  }
  return seconds;
}
