/** What a worker of the fuzzer is told. */
export interface FuzzJob {
  readonly reader: string;
  readonly seed: number;
  /** Number of the first mutant. */
  readonly from: number;
  /** Shared with the main thread; see the places below. */
  readonly state: Int32Array<SharedArrayBuffer>;
}

/** Places in `state`: the mutant at hand, how many were begun, how many were accepted, MiB beyond the start, whether to stop. */
export const [AT, BEGUN, ACCEPTED, MEMORY, STOP] = [0, 1, 2, 3, 4] as const;

/** What a worker says when a job has ended. */
export const DONE = 'done';
