/** What a call knows of the one who asked. */
export interface CallContext<Progress> {
  /** Aborts when the page wants the answer no more. */
  readonly signal: AbortSignal;
  readonly progress: (value: Progress) => void;
}
