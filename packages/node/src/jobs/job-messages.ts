import { isNetSpaceError, NetSpaceError, type NetSpaceErrorCode } from '@netspace/prep';

/** What a process is asked: to run a job of its plan, by its place and its key. */
export interface JobRequest {
  readonly index: number;
  readonly key: string;
  /** Names of the networks that are missing. */
  readonly wanted: readonly string[];
}

/** An error on its way between processes. */
export interface SentError {
  readonly message: string;
  /** Of a `NetSpaceError`. */
  readonly code?: NetSpaceErrorCode;
}

/** What a process answers: that it can begin, how far it is, and how it ended. */
export type JobAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'step'; readonly step: number; readonly steps: number }
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly error: SentError };

export function sentError(error: unknown): SentError {
  const message = error instanceof Error ? error.message : String(error);
  return isNetSpaceError(error) ? { message, code: error.code } : { message };
}

export const receivedError = ({ message, code }: SentError): Error =>
  code === undefined ? new Error(message) : new NetSpaceError(code, message);
