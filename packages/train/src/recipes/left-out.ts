import { divergenceOf, isNetSpaceError, NetSpaceError } from '@netspace/prep';

/** Training runs of a zoo that diverged. */
export interface LeftOut {
  /** Keeps the error of a run that diverged; throws every other. */
  add(run: string, error: unknown): void;
  /** @throws NetSpaceError `DIVERGED` naming all of them, with the first as its cause */
  throwIfAny(): void;
}

export function leftOut(call: string): LeftOut {
  const messages: string[] = [];
  let first: unknown;
  return {
    add(run, error) {
      if (!isNetSpaceError(error) || error.code !== 'DIVERGED') throw error;
      first ??= divergenceOf(error);
      messages.push(`${run} (${error.message})`);
    },
    throwIfAny() {
      if (messages.length === 0) return;
      throw new NetSpaceError(
        'DIVERGED',
        `${call}: ${messages.length} training run${messages.length === 1 ? '' : 's'} diverged and ${messages.length === 1 ? 'is' : 'are'} left out, all others are in the store: ${messages.join('; ')}`,
        { cause: first },
      );
    },
  };
}
