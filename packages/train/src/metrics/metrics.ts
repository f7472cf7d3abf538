/** One line of measurements; everything but `step` is the caller's. */
export interface MetricsRecord {
  readonly step: number;
  readonly [name: string]: number | string;
}

/** Where a run's measurements go: a file in Node (`metricsFile` of `@netspace/node`), or any object of this form. */
export interface MetricsSink {
  /** Begins, or goes on, after a step: what an interrupted run measured later is dropped, because it will come again. */
  startAfter(step: number): Promise<void>;
  write(record: MetricsRecord): Promise<void>;
}
