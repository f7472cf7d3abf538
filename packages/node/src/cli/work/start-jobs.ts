import type { JobQueue } from '@netspace/queue';

import type { JobRunner, WorkFacts } from '../../jobs/ended-jobs.js';
import type { Job } from '../../jobs/job.js';
import type { JobOrigin } from '../../jobs/job-key.js';
import type { JobRequest } from '../../jobs/job-messages.js';
import { jobsHere } from '../../jobs/jobs-here.js';
import { localJobs } from '../../jobs/local-jobs.js';
import { joinQueues, memoryNeed } from '../../jobs/queue/job-queues.js';
import { openQueues, outageNotes } from '../../jobs/queue/open-queue.js';
import { queuedJobs } from '../../jobs/queue/queued-jobs.js';
import type { WorkKind } from '../../jobs/work-kind.js';
import { nameOfWork, type WorkSource } from '../../jobs/works/work-source.js';
import { type Measure, serveMetrics } from '../../metrics/serve-metrics.js';
import { NO_TELEMETRY, type Telemetry } from '../../metrics/telemetry.js';
import type { Progress } from '../../runs/progress.js';
import type { CommandContext } from '../command-context.js';
import type { WorkOptions } from '../options/work-options.js';

interface StartJobs {
  /** Folder of the zoo, or of the sweep. */
  readonly zoo: string;
  readonly kind: WorkKind;
  /** All that another process needs to plan the same jobs. */
  readonly source: WorkSource;
  readonly origin: JobOrigin;
  readonly jobs: readonly Job[];
  readonly options: WorkOptions;
  /** In thousandths. */
  readonly bar: Progress;
  readonly context: CommandContext;
  /** @default none */
  readonly telemetry?: Telemetry;
}

/** Begins to run jobs where the options of a command say. */
export function startJobs({ options, context, telemetry, ...work }: StartJobs, facts: WorkFacts): Promise<JobRunner> {
  const { concurrency, queue: url, metrics } = options;
  if (url !== undefined) return jobsOnQueue({ ...work, context, telemetry, url, metrics }, facts);
  return concurrency === undefined ? Promise.resolve(jobsHere(work, facts)) : localJobs(work, facts);
}

interface OnQueue extends Omit<StartJobs, 'options' | 'telemetry'> {
  readonly url: string;
  /** Where Prometheus asks. */
  readonly metrics: string | undefined;
  readonly telemetry: Telemetry | undefined;
}

/** Runs jobs on all machines that share a queue, and tells how far they are. */
async function jobsOnQueue(
  { jobs, context, url, metrics, telemetry = NO_TELEMETRY, ...shared }: OnQueue,
  facts: WorkFacts,
): Promise<JobRunner> {
  const needs = jobs.map(({ memory }) => memoryNeed(memory()));
  let queue: JobQueue<JobRequest> | undefined;
  const open = async (id: string, kinds: readonly number[]) => {
    const queues = await openQueues({ url, id, needs: kinds, telemetry: telemetry !== NO_TELEMETRY, onOutage: outageNotes(context) });
    queue = joinQueues(queues, ({ index }) => needs[index]!);
    return queues;
  };
  const measures = measuresOf(nameOfWork(shared.source), facts, () => queue);
  telemetry.measure(measures);
  const served = metrics === undefined ? undefined : await serveMetrics(metrics, measures);
  try {
    const runner = await queuedJobs({ ...shared, needs, open, note: (line) => context.note(line) }, facts);
    const close = async (complete: boolean): Promise<void> => {
      await served?.close();
      await runner.close(complete);
    };
    return { ...runner, close };
  } catch (error) {
    await served?.close();
    throw error;
  }
}

/** What a command tells of its work: how much of it is there, and of the queue. */
function measuresOf(work: string, { done, total }: WorkFacts, queueNow: () => JobQueue<JobRequest> | undefined): readonly Measure[] {
  const [what, there, wanted] = WORDS[work] ?? ['networks', 'are done', 'are to be done'];
  const counted = (of: 'waiting' | 'active' | 'failed') => async () => (await queueNow()?.counts())?.[of] ?? 0;
  return [
    { name: `netspace_${work}_${what}`, help: `${sentence(what)} that ${there}`, value: done },
    { name: `netspace_${work}_${what}_wanted`, help: `${sentence(what)} that ${wanted}`, value: () => total },
    { name: 'netspace_queue_jobs_waiting', help: 'Jobs that wait for a worker', value: counted('waiting') },
    { name: 'netspace_queue_jobs_active', help: 'Jobs that workers run', value: counted('active') },
    { name: 'netspace_queue_jobs_failed', help: 'Jobs that have failed and are not tried again yet', value: counted('failed') },
    { name: 'netspace_queue_workers', help: 'Workers that are connected', value: async () => (await queueNow()?.workers())?.length ?? 0 },
  ];
}

/** What a work is counted in, and how that is said. */
const WORDS: Readonly<Record<string, readonly [what: string, there: string, wanted: string]>> = {
  build: ['networks', 'are in the zoo', 'the recipe names'],
  align: ['networks', 'are in the new zoo', 'are aligned in all'],
  sweep: ['spaces', 'are trained', 'the sweep names'],
};

const sentence = (words: string): string => words[0]!.toUpperCase() + words.slice(1);
