import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

import { NetSpaceError } from '@netspace/prep';
import type { JobQueue } from '@netspace/queue';

import { isS3Address } from '../../files/s3/s3-place.js';
import type { Progress } from '../../runs/progress.js';
import type { JobRunner, WorkFacts } from '../ended-jobs.js';
import type { NamedBytes } from '../job.js';
import { type JobFolder, jobFolder } from '../folder/job-folder.js';
import type { JobOrigin } from '../job-key.js';
import type { JobRequest } from '../job-messages.js';
import { BEAT_EVERY_MS, makeBeat } from './beat.js';
import { joinQueues, type JobQueues } from './job-queues.js';
import { jobsProgress } from '../jobs-progress.js';
import { type Presence, presenceAt, unmetLines } from './presence.js';
import type { WorkKind } from '../work-kind.js';
import type { WorkSource } from '../works/work-source.js';

/** Jobs of a build that are in the queue at once. */
export const QUEUED_AT_ONCE = 10_000;

/** How often the folder is looked at, and every how many looks the queue is. A look into a bucket costs a request. */
const LOOKS = { folder: { everyMs: 250, aQueue: 8 }, bucket: { everyMs: 2000, aQueue: 1 } } as const;

/** How often the queue is asked who is there, in milliseconds. */
const WHO_EVERY = 5000;

interface QueuedJobsOptions {
  readonly zoo: string;
  readonly kind: WorkKind;
  readonly source: WorkSource;
  readonly origin: JobOrigin;
  /** In thousandths. */
  readonly bar: Progress;
  /**
   * What each job needs of memory, in MiB, by its place.
   * @default nothing is known of it
   */
  readonly needs?: readonly number[];
  /** Opens a queue for each of some needs. */
  readonly open: (id: string, needs: readonly number[]) => Promise<JobQueues<JobRequest>>;
  /** Says something to the user. */
  readonly note: (line: string) => void;
}

interface Waiting {
  readonly request: JobRequest;
  /** Whether the queue has it: an error that the queue still knows of an earlier time is not its. */
  added: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Runs jobs wherever workers take them from a queue. Their results are looked for in the zoo's folder, so that nothing is lost with the queue:
 * what it has forgotten is put back.
 */
export async function queuedJobs(options: QueuedJobsOptions, facts: WorkFacts): Promise<JobRunner> {
  const { zoo, kind, source, origin, bar, needs: needOf = [], open, note } = options;
  const { present, total, signal } = facts;
  const folder = jobFolder(zoo, kind);
  const queueId = (await folder.readPlan())?.queueId ?? randomBytes(8).toString('hex');
  const needs = needOf.length === 0 ? [0] : [...new Set(needOf)];
  const queues = await open(queueId, needs);
  const queue = joinQueues(queues, ({ index }) => needOf[index] ?? 0);
  await folder.writePlan({ source, origin, total, present, begun: Date.now(), queueId, needs });
  const waiting = new Map<string, Waiting>();
  const progress = jobsProgress(bar, { present, total });
  const who = whoIsThere({ folder, queues, note });
  const store = isS3Address(zoo) ? 'bucket' : 'folder';
  const { beat, settled } = makeBeat({ folder, queue }, BEAT_EVERY_MS[store]);
  const watching = watch({ folder, queue, waiting, signal, who, beat, looking: LOOKS[store] });
  return {
    async run(request, job) {
      const shown = progress.of(job.title, request.wanted.length);
      const { key } = request;
      const ended = new Promise<void>((resolve, reject) => waiting.set(key, { request, added: false, resolve, reject }));
      const add = async (): Promise<void> => {
        await queue.add([{ key, data: request }]);
        const one = waiting.get(key);
        if (one !== undefined) one.added = true;
        await ended;
      };
      const [outcome] = await Promise.allSettled([Promise.race([ended, add()])]);
      waiting.delete(key);
      shown.onEnd(outcome.status === 'fulfilled');
      if (outcome.status === 'rejected') throw outcome.reason;
    },
    async close(complete) {
      if (complete) await queue.remove().catch(() => undefined); // what is left of it harms nobody
      await queue.close();
      await watching;
      await settled();
    },
  };
}

interface Watch {
  readonly folder: JobFolder<NamedBytes>;
  readonly queue: JobQueue<JobRequest>;
  readonly waiting: ReadonlyMap<string, Waiting>;
  readonly signal: AbortSignal;
  readonly who: () => Promise<void>;
  readonly beat: () => void;
  readonly looking: (typeof LOOKS)['folder' | 'bucket'];
}

/** Tells each job that waits when it has ended, until the signal. */
async function watch({ folder, queue, waiting, signal, who, beat, looking }: Watch): Promise<void> {
  const stopped = (): void => {
    const error = new NetSpaceError('ABORTED', 'queuedJobs: stopped by its signal');
    for (const { reject } of waiting.values()) reject(error);
  };
  signal.addEventListener('abort', stopped, { once: true });
  const look = async (atQueue: boolean): Promise<void> => {
    await resolveEnded(folder, waiting);
    if (!atQueue) return;
    await lookAtQueue({ folder, queue, waiting });
    await who();
  };
  for (let looks = 1; !signal.aborted; looks++) {
    beat();
    await setTimeout(looking.everyMs, undefined, { signal }).catch(() => undefined);
    if (waiting.size === 0) continue;
    await look(looks % looking.aQueue === 0).catch((error: unknown) => {
      for (const { reject } of waiting.values()) reject(error); // for nothing where the signal has told them
    });
  }
}

interface Who {
  readonly folder: Pick<JobFolder, 'writePresence'>;
  readonly queues: JobQueues<JobRequest>;
  readonly note: (line: string) => void;
}

/** Tells from time to time which workers are there, in the zoo's folder, and says which jobs none of them can take, twice seen and once said. */
function whoIsThere({ folder, queues, note }: Who): () => Promise<void> {
  let asked = performance.now();
  let [seen, written, said]: (string | undefined)[] = [];
  const sayNew = (presence: Presence): void => {
    const lines = unmetLines(presence).join('; ');
    if (lines === '') said = undefined;
    else if (lines === seen && lines !== said) note((said = lines));
    seen = lines;
  };
  return async () => {
    if (performance.now() - asked < WHO_EVERY) return;
    asked = performance.now();
    const presence = await presenceAt(queues);
    if (presence === undefined) return;
    sayNew(presence);
    const text = JSON.stringify(presence);
    if (text === written) return;
    await folder.writePresence(presence).catch(() => undefined); // no job depends on it
    written = text;
  };
}

/** Tells the jobs whose results are there. */
async function resolveEnded(folder: Pick<JobFolder, 'resultKeys'>, waiting: ReadonlyMap<string, Waiting>): Promise<void> {
  const there = new Set(await folder.resultKeys());
  for (const [key, { resolve }] of waiting) if (there.has(key)) resolve();
}

async function lookAtQueue({ folder, queue, waiting }: Pick<Watch, 'folder' | 'queue' | 'waiting'>): Promise<void> {
  const failed = await queue.failed();
  for (const [key, { added, reject }] of waiting) {
    const message = failed.get(key);
    if (added && message !== undefined) reject(new Error(message));
  }
  const counts = await queue.counts();
  // After the queue: a job that is no longer there because it has ended has left its result before.
  const there = new Set(await folder.resultKeys());
  const left = [...waiting].filter(([key, { added }]) => added && !failed.has(key) && !there.has(key));
  if (counts.waiting + counts.active >= left.length) return;
  await queue.add(left.map(([key, { request }]) => ({ key, data: request }))); // the server was restarted without its data
}
