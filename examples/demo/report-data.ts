import type { ClassifierResults, ShapeResults } from './results.js';
import type { DemoSummary } from './summary.js';

/** All that the page tells. */
export interface DemoData {
  readonly seconds: number;
  readonly digits: ClassifierResults;
  readonly shapes: ShapeResults;
  readonly summary: Omit<DemoSummary, 'report'>;
}

export const percent = (value: number): string => `${Math.round(100 * value)}\u00a0%`;

/** Rounded down, so that 100.0 % is the whole. */
export const wholePercent = (value: number): string => `${(Math.floor(1000 * value) / 10).toFixed(1)}\u00a0%`;

export const points = (value: number): string => `${(100 * value).toFixed(1)} points`;

/** `lenet-like, 62 steps` of `lenet-like-1x28x28-10-w0.3-s2028-n62`: short enough for a table on a phone. */
export const shortName = (name: string): string => name.replace(/-\d+x\d+.*-n(\d+)$/, ', $1 steps');
