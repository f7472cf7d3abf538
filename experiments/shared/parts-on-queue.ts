import { setTimeout } from 'node:timers/promises';

import { NetSpaceError } from '@netspace/prep';
import { type JobQueue, openJobQueue } from '@netspace/queue';

import type { Context, Phases } from './experiment.js';

/** A part fails so often before the experiment ends. */
const MAX_TRIES = 3;
/** How often the queue is looked at, in milliseconds. */
const LOOK_EVERY = 500;

/** All that a queue says of a part. */
interface PartJob {
  readonly part: string;
}

export interface PartsOnQueue {
  readonly url: string;
  /** Of experiment, config, seed, version and runtime: no other machine sees the parts. */
  readonly id: string;
  /** Parts that are made here at once. */
  readonly processes: number;
  /** Makes the part of a name by the code of this version, until the signal. */
  readonly make: (part: string, signal: AbortSignal) => Promise<void>;
}

/**
 * Makes the parts of each phase here and on all machines that run {@link workOnParts}. A part that is alone in its phase is made in this process.
 *
 * @throws NetSpaceError `ABORTED` if `context.signal` is aborted
 * @throws Error if a part fails three times
 */
export async function makePartsOnQueue(phases: Phases, context: Context, options: PartsOnQueue): Promise<void> {
  const { signal } = context;
  const queue = await open(options, context);
  try {
    for (const parts of phases) {
      if (parts.length === 1) await parts[0]!.make(context);
      else await makePhase(queue, parts.map(({ name }) => name), { ...options, signal }); // prettier-ignore
    }
    await queue.remove().catch(() => undefined); // what is left of it harms nobody
  } finally {
    await queue.close();
  }
}

/** Makes parts of an experiment that runs on another machine, until the signal. */
export async function workOnParts(phases: Phases, context: Context, options: PartsOnQueue): Promise<void> {
  const { signal } = context;
  const queue = await open(options, context);
  const working = takeParts(queue, phases.flat().map(({ name }) => name), { ...options, signal }); // prettier-ignore
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await working.close();
  await queue.close();
}

const open = ({ url, id }: PartsOnQueue, context: Context): Promise<JobQueue<PartJob>> =>
  openJobQueue<PartJob>({
    ...{ url, name: `netspace-parts-${id}`, password: process.env['NETSPACE_QUEUE_PASSWORD'] },
    onOutage: (problem) => context.log(problem === undefined ? 'the queue is there again' : `waiting for the queue: ${problem}`),
  });

type Working = Pick<PartsOnQueue, 'processes' | 'make'> & { readonly signal: AbortSignal };

async function makePhase(queue: JobQueue<PartJob>, names: readonly string[], options: Working): Promise<void> {
  const { signal } = options;
  const jobs = new Map(names.map((part) => [Buffer.from(part).toString('hex'), { part }]));
  const jobOf = (key: string) => ({ key, data: jobs.get(key)! });
  const tries = new Map<string, number>();
  await queue.add([...jobs.keys()].map(jobOf));
  const stop = new AbortController();
  const working = takeParts(queue, names, { ...options, signal: AbortSignal.any([signal, stop.signal]) });
  try {
    for (;;) {
      await setTimeout(LOOK_EVERY, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw new NetSpaceError('ABORTED', 'experiment: stopped by its signal');
      const { waiting, active } = await queue.counts();
      const failed = [...(await queue.failed())].filter(([key]) => jobs.has(key)); // after the counts: what is in neither has ended well
      for (const [key, message] of failed) {
        const times = (tries.get(key) ?? 0) + 1;
        if (times === MAX_TRIES) throw new Error(`part ${jobs.get(key)!.part}: tried ${times} times; ${message}`);
        tries.set(key, times);
        await queue.add([jobOf(key)]);
      }
      if (waiting + active + failed.length === 0) return;
    }
  } finally {
    stop.abort();
    await working.close();
  }
}

/** Takes parts and makes them. Whoever reaches the queue may write into it: a name that is not of this version's code is refused. */
function takeParts(queue: JobQueue<PartJob>, names: readonly string[], { processes, make, signal }: Working) {
  const running = new Set<Promise<unknown>>();
  const isStopped = (): boolean => signal.aborted;
  const working = queue.work(processes, async ({ data: { part } }) => {
    if (!names.includes(part)) throw new Error(`expected a part, one of ${names.join(', ')}; got ${JSON.stringify(part)}`);
    if (isStopped()) return 'again';
    const made = make(part, signal);
    running.add(made);
    try {
      await made;
      return 'done';
    } catch (error) {
      if (isStopped()) return 'again';
      throw error;
    } finally {
      running.delete(made);
    }
  });
  return {
    async close() {
      const closed = working.close();
      await Promise.allSettled(running); // they save their work first
      await closed;
    },
  };
}
