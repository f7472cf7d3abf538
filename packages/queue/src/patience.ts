import { NetSpaceError } from '@netspace/prep';

interface Patience {
  /** The server's, for messages. */
  readonly host: string;
  readonly onOutage?: ((problem: string | undefined) => void) | undefined;
  /** Ends the wait. */
  readonly isClosed: () => boolean;
}

/** Answers of a server that will take the same call later. */
const PASSING: readonly (readonly [answer: RegExp, problem: string])[] = [
  [/OOM/, 'its memory is full; raise maxmemory'],
  [/LOADING|BUSY/, 'it is busy'],
  [/READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MISCONF|NOREPLICAS/, 'it takes no writes now'],
];

/** How long to wait before the next try, in milliseconds. */
const WAIT = 500;

/**
 * Makes calls that wait for a server that is full or busy, as for one that is gone.
 *
 * @throws NetSpaceError from the calls: `UNAVAILABLE` for every other error, such as a right that is missing
 */
export function patience({ host, onOutage, isClosed }: Patience) {
  return async <T>(call: () => Promise<T>): Promise<T> => {
    for (let waits = 0; ; waits++) {
      try {
        const result = await call();
        if (waits > 0) onOutage?.(undefined);
        return result;
      } catch (error) {
        const said = error instanceof Error ? error.message : String(error);
        const passing = PASSING.find(([answer]) => answer.test(said));
        if (isClosed() || passing === undefined) {
          throw new NetSpaceError(
            'UNAVAILABLE',
            `openJobQueue: expected the server at ${host} to answer, got ${said}; check what it allows`,
            {
              cause: error,
            },
          );
        }
        if (waits === 0) onOutage?.(`${host}: ${passing[1]}`);
        await new Promise((resolve) => setTimeout(resolve, WAIT));
      }
    }
  };
}
