/** How far a run is, as every `onStep` is told. */
export interface StepProgress {
  /** Steps done. */
  readonly step: number;
  /** Steps in all. */
  readonly steps: number;
}
