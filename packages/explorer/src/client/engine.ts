import type { CallName, Calls } from '../worker/messages/protocol.js';

export interface CallOptions<N extends CallName> {
  /** Calls of one lane replace each other: the newest wins. The call's name unless given. */
  readonly lane?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (value: Calls[N]['progress']) => void;
}

/** The worker, as the page calls it. */
export interface Engine {
  /**
   * @throws NetSpaceError as the worker's: `ABORTED` if a newer call of the lane replaced this one or the signal stopped it
   */
  call<N extends CallName>(name: N, request: Calls[N]['request'], options?: CallOptions<N>): Promise<Calls[N]['answer']>;
  /** Ends the worker. */
  close(): void;
}
