/** Thrown by a command that has printed what failed: only the exit code is left to set. */
export const alreadyReported = new Error('already reported');
