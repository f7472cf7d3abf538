import { listOf, objectOf, type UsedBy, whole } from '@netspace/prep/internal';

import type { JobQueues } from './job-queues.js';
import { factsOfName, gibibytes, type WorkerFacts, workerFacts } from './worker-facts.js';

/** Which workers there are, and which jobs wait although none of them can take them. */
export const presenceOption = objectOf({
  workers: listOf(workerFacts, 'a list of workers'),
  unmet: listOf(
    objectOf({
      /** What the jobs need, in MiB; 0 if nothing is known. */
      memory: whole,
      jobs: whole,
    }),
    'a list of jobs that wait',
  ),
});
export type Presence = UsedBy<typeof presenceOption>;

/** Looks at the queues of a build; undefined if the server does not tell who is connected. */
export async function presenceAt(queues: JobQueues<unknown>): Promise<Presence | undefined> {
  const workers = new Map<string, WorkerFacts>();
  const unmet: Presence['unmet'][number][] = [];
  for (const [memory, queue] of queues) {
    const names = await queue.workers();
    if (names === undefined) return undefined;
    for (const name of names) {
      const facts = factsOfName(name);
      if (facts !== undefined) workers.set(facts.worker, facts);
    }
    const jobs = names.length > 0 ? 0 : (await queue.counts()).waiting;
    if (jobs > 0) unmet.push({ memory, jobs });
  }
  return { workers: [...workers.values()], unmet };
}

/** Which jobs wait in vain, in words. */
export const unmetLines = ({ workers, unmet }: Presence): readonly string[] =>
  unmet.map(({ memory, jobs }) => {
    const what = `${jobs === 1 ? 'one job waits' : `${jobs} jobs wait`}${memory === 0 ? '' : ` for ${gibibytes(memory)} of memory`}`;
    if (workers.length === 0) return `${what}, and no worker is there; start netspace worker`;
    const most = Math.max(...workers.map((worker) => worker.memory));
    return `${what}, and no worker there has as much (the most is ${gibibytes(most)} for a job); start netspace worker with a lower --concurrency, or on another machine`;
  });
