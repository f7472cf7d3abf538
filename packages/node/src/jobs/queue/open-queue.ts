import { NetSpaceError } from '@netspace/prep';
import type * as QueuePackage from '@netspace/queue';
import type { JobQueue } from '@netspace/queue';

import type { JobRequest } from '../job-messages.js';
import { type JobQueues, queueIdOf } from './job-queues.js';

interface QueueAddress {
  readonly url: string;
  /** Of the zoo's folder: a server may have queues of many zoos. */
  readonly id: string;
  /** One queue is opened for each, by the memory that its jobs need, in MiB. */
  readonly needs: readonly number[];
  readonly lockMs?: number | undefined;
  readonly telemetry?: boolean | undefined;
  readonly onOutage: (problem: string | undefined) => void;
}

/**
 * Opens the queues of a zoo. Their password may be in `NETSPACE_QUEUE_PASSWORD`.
 *
 * @throws NetSpaceError `UNAVAILABLE` if `@netspace/queue` is not installed; as `openJobQueue` of that package
 */
export async function openQueues({ url, id, needs, ...rest }: QueueAddress): Promise<JobQueues<JobRequest>> {
  const { openJobQueue } = await loaded();
  const password = process.env['NETSPACE_QUEUE_PASSWORD'];
  const queues = new Map<number, JobQueue<JobRequest>>();
  for (const need of [...new Set(needs)].sort((a, b) => a - b))
    queues.set(need, await openJobQueue<JobRequest>({ url, name: `netspace-${queueIdOf(id, need)}`, password, ...rest }));
  return queues;
}

/**
 * Sees that there is a server, before anything is written or waited for.
 *
 * @throws NetSpaceError as {@link openQueues}
 */
export async function checkQueue(url: string): Promise<void> {
  const { checkQueueServer } = await loaded();
  await checkQueueServer({ url, password: process.env['NETSPACE_QUEUE_PASSWORD'] });
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
