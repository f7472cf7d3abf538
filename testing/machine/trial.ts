/** What came of trying one kind of fault many times. */
export interface Trials {
  readonly tried: number;
  /** What was wrong afterwards, with what makes it happen again; nothing is the only good answer. */
  readonly lost: readonly string[];
  /** Why it could not be tried here. */
  readonly left?: string;
}

export interface TrialOptions {
  readonly tries: number;
  readonly seed: number;
}

/** A kind of fault of the machine: what happens, and how to make it happen. */
export interface Fault {
  readonly name: string;
  /** How many tries `npm test` takes, and how many the command takes unless told otherwise. */
  readonly tries: readonly [short: number, long: number];
  run(options: TrialOptions): Promise<Trials>;
}
