import { NetSpaceError } from '@netspace/prep';
import type * as QueuePackage from '@netspace/queue';
import type { JobQueue } from '@netspace/queue';

import type { JobRequest } from './job-messages.js';

interface QueueAddress {
  readonly url: string;
  /** Of the zoo's folder: a server may have queues of many zoos. */
  readonly id: string;
  readonly lockMs?: number | undefined;
  readonly onOutage: (problem: string | undefined) => void;
}

/**
 * Opens the queue of a zoo. Its password may be in `NETSPACE_QUEUE_PASSWORD`.
 *
 * @throws NetSpaceError `UNAVAILABLE` if `@netspace/queue` is not installed; as `openJobQueue` of that package
 */
export async function openQueue({ url, id, ...rest }: QueueAddress): Promise<JobQueue<JobRequest>> {
  const { openJobQueue } = await loaded();
  return openJobQueue<JobRequest>({ url, name: `netspace-${id}`, password: process.env['NETSPACE_QUEUE_PASSWORD'], ...rest });
}

async function loaded(): Promise<typeof QueuePackage> {
  try {
    return await import('@netspace/queue');
  } catch (cause) {
    throw new NetSpaceError(
      'UNAVAILABLE',
      '--queue: expected the package @netspace/queue, got none that loads; run `npm install @netspace/queue`',
      { cause },
    );
  }
}

/** Says that a queue is gone, and that it is there again. */
export const outageNotes =
  (context: { note(line: string): void }) =>
  (problem: string | undefined): void =>
    context.note(problem === undefined ? 'the queue is there again' : `waiting for the queue: ${problem}`);
