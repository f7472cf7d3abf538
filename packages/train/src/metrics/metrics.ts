/** One line of measurements. The caller chooses all fields except `step`. */
export interface MetricsRecord {
  readonly step: number;
  readonly [name: string]: number | string;
}

/** Receives the measurements of a run: a file in Node (`metricsFile` of `@netspace/node`), or any object of this form. */
export interface MetricsSink {
  /** Begins, or goes on, after a step. Later measurements of an interrupted run are dropped, because they will come again. */
  startAfter(step: number): Promise<void>;
  write(record: MetricsRecord): Promise<void>;
}
