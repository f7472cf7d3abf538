/** The progress of a run, as every `onStep` receives it. */
export interface StepProgress {
  /** Steps done. */
  readonly step: number;
  /** Steps in all. */
  readonly steps: number;
}
