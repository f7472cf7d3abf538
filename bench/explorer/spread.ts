/** Of some times, in milliseconds. */
export interface TimeSpread {
  readonly median: number;
  readonly p95: number;
  readonly least: number;
}

export function spreadOf(times: readonly number[]): TimeSpread {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  return { median: at(0.5), p95: at(0.95), least: at(0) };
}
