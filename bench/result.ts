import type { Measurement } from './measure.js';
import type { Scenario } from './scenario.js';

/** What the contenders took for one scenario, and which could not. */
export interface Result {
  readonly scenario: Scenario;
  /** When, and of which commit. */
  readonly taken: { readonly date: string; readonly commit: string };
  readonly measurements: readonly Measurement[];
  readonly failures: readonly string[];
}
