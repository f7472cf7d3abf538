import type { JobQueue } from '@netspace/queue';
import pLimit from 'p-limit';

/**
 * The memory that a job needs, in MiB, rounded up to one of few numbers, of which each is 41 % more than the one before; 0 if nothing is known of
 * it. Jobs of one number share a queue, so that a worker can take those that fit.
 */
export function memoryNeed(bytes: number | undefined): number {
  if (bytes === undefined) return 0;
  const halves = Math.ceil(2 * Math.log2(Math.max(bytes / 2 ** 20, 256)));
  return Math.round(2 ** (halves / 2));
}

/** The id of the queue of jobs that need so much memory. */
export const queueIdOf = (id: string, need: number): string => (need === 0 ? id : `${id}-${need}`);

/** Queues by the memory that their jobs need, in MiB. */
export type JobQueues<Data> = ReadonlyMap<number, JobQueue<Data>>;

/**
 * Several queues as one.
 *
 * @param needOf tells in which queue a job is
 */
export function joinQueues<Data>(queues: JobQueues<Data>, needOf: (data: Data) => number): JobQueue<Data> {
  const all = [...queues.values()];
  return {
    async add(jobs) {
      for (const [need, queue] of queues) {
        const own = jobs.filter(({ data }) => needOf(data) === need);
        if (own.length > 0) await queue.add(own);
      }
    },
    failed: async () => new Map((await Promise.all(all.map((queue) => queue.failed()))).flatMap((failed) => [...failed])),
    async counts() {
      const counts = await Promise.all(all.map((queue) => queue.counts()));
      const sum = (of: 'waiting' | 'active' | 'failed'): number => counts.reduce((total, each) => total + each[of], 0);
      return { waiting: sum('waiting'), active: sum('active'), failed: sum('failed') };
    },
    work(concurrency, run, name) {
      const limit = pLimit(concurrency); // over all queues: a job that has to wait for its turn stays with this worker
      const workings = all.map((queue) => queue.work(concurrency, (job) => limit(run, job), name));
      return { close: async () => void (await Promise.all(workings.map((working) => working.close()))) };
    },
    async workers() {
      const names = await Promise.all(all.map((queue) => queue.workers()));
      return names.every((some) => some !== undefined) ? [...new Set(names.flat() as readonly string[])] : undefined;
    },
    tell: async (text) => void (await Promise.all(all.map((queue) => queue.tell(text)))),
    told: () => all[0]!.told(),
    remove: async () => void (await Promise.all(all.map((queue) => queue.remove()))),
    close: async () => void (await Promise.all(all.map((queue) => queue.close()))),
  };
}
