import { divergenceOf, isNetSpaceError, NetSpaceError } from '@netspace/prep';

/** Training runs that diverged. */
export interface LeftOut {
  /** Keeps the error of a run that diverged, or of several at once; throws every other. */
  add(run: string, error: unknown): void;
  /** @throws NetSpaceError `DIVERGED` naming all of them, with the first as its cause */
  throwIfAny(): void;
}

/** The runs that an error of {@link leftOut} names. */
const named = new WeakMap<NetSpaceError, readonly string[]>();

/** @param rest says what became of the runs that did not diverge */
export function leftOut(call: string, rest = 'all others are in the store'): LeftOut {
  const messages: string[] = [];
  let first: unknown;
  return {
    add(run, error) {
      if (!isNetSpaceError(error) || error.code !== 'DIVERGED') throw error;
      first ??= divergenceOf(error);
      const several = named.get(error)?.map((one) => `${run}, ${one}`);
      messages.push(...(several ?? [`${run} (${error.message})`]));
    },
    throwIfAny() {
      if (messages.length === 0) return;
      const error = new NetSpaceError(
        'DIVERGED',
        `${call}: ${messages.length} training run${messages.length === 1 ? '' : 's'} diverged and gave no network from then on; ${rest}: ${messages.join('; ')}`,
        { cause: first },
      );
      named.set(error, messages);
      throw error;
    },
  };
}
