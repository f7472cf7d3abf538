import { setTimeout } from 'node:timers/promises';

import { NetSpaceError } from '@netspace/prep';
import type { Command } from 'commander';

import { type JobPlanFile, jobFolder } from '../../jobs/job-folder.js';
import { WORK_KINDS, type WorkKind } from '../../jobs/work-kind.js';
import { jobOrigin } from '../../jobs/job-key.js';
import { joinQueues } from '../../jobs/job-queues.js';
import { openQueues, outageNotes } from '../../jobs/open-queue.js';
import { assertSameOrigin } from '../../jobs/same-origin.js';
import { factsOf, fittingFor, nameOfFacts, textOfFacts, type WorkerFacts } from '../../jobs/worker-facts.js';
import { type Measure, serveMetrics } from '../../metrics/serve-metrics.js';
import { NO_TELEMETRY, openTelemetry } from '../../metrics/telemetry.js';
import { type WorkDone, workOnQueue } from '../../jobs/work-on-queue.js';
import { action, type CommandContext } from '../command-context.js';
import { CLI_LIMITS, countOption, positiveOption } from '../options/number-option.js';
import { checkConcurrency } from '../options/work-options.js';
import { counted } from '../output/counted.js';

interface Options {
  readonly queue: string;
  readonly out: string;
  readonly data?: string;
  readonly space?: string;
  readonly concurrency: number;
  readonly memory?: number;
  readonly lock?: number;
  readonly metrics?: string;
  readonly telemetry?: boolean;
}

/** Between two lines about progress. */
const TELL_EVERY_MS = 10_000;

/** `netspace worker --queue URL --out DIR`: runs jobs of a build, or of another command over a zoo, that other machines share. */
export function addWorker(program: Command): void {
  program
    .command('worker')
    .description('run jobs of a zoo command that runs with --queue, such as zoo build, until it has ended')
    .requiredOption('--queue <url>', 'Redis or Valkey, such as redis://HOST; a password may be in NETSPACE_QUEUE_PASSWORD')
    .requiredOption('--out <dir>', 'folder of the zoo, which all machines share, or s3://BUCKET/PATH')
    .option('--data <spec>', 'where the data is on this machine, if it is elsewhere than the command says')
    .option('--space <dir>', 'where the space of zoo encode is on this machine, if it is elsewhere')
    .option('--concurrency <n>', 'run this many jobs at once', countOption(CLI_LIMITS.processes), 1)
    .option(
      '--memory <gib>',
      'take jobs of up to so much memory (default: an equal part of what is free for each job at once)',
      positiveOption,
    )
    .option('--lock <seconds>', 'a job goes to another worker if this one is silent for so long (default: 30)', countOption(86_400))
    .option('--metrics <port>', 'answer http://HOST:PORT/metrics for Prometheus; 127.0.0.1:PORT keeps it to this machine')
    .option('--telemetry', 'trace and measure through the OpenTelemetry SDK that NODE_OPTIONS loads')
    .action(action(({ command, context }) => work(command.opts<Options>(), context)));
}

async function work(options: Options, context: CommandContext): Promise<void> {
  const { queue: url, out, data, space, concurrency, memory, lock, metrics } = options;
  const telemetry = options.telemetry === true ? await openTelemetry() : NO_TELEMETRY; // what is wrong with it is said before a wait
  const { plan, kind } = await planIn(out, context);
  const runtime = await context.startRuntime(plan.origin['runtime']);
  const threads = Number(plan.origin['threads']) || 1;
  assertSameOrigin(jobOrigin(runtime, threads), plan.origin);
  checkConcurrency('worker', concurrency, runtime);
  const facts = factsOf(runtime, { concurrency, threads, memory });
  const needs = fittingFor(plan.needs ?? [0], facts);
  context.note(`worker: ${textOfFacts(facts)}`);
  const queues = await openQueues({
    ...{ url, id: plan.queueId!, needs, telemetry: telemetry !== NO_TELEMETRY },
    onOutage: outageNotes(context),
    ...(lock !== undefined && { lockMs: 1000 * lock }),
  });
  const queue = joinQueues(queues, () => 0); // it adds none
  const begun = performance.now();
  let told = begun;
  let soFar: WorkDone = { done: 0, failed: 0, networks: 0, seconds: 0 };
  const onJob = (so: WorkDone): void => {
    soFar = so;
    if (performance.now() - told < TELL_EVERY_MS) return;
    told = performance.now();
    context.note(textOf(so, (told - begun) / 1000));
  };
  const measures = measuresOf(facts, () => soFar);
  telemetry.measure(measures);
  const served = metrics === undefined ? undefined : await serveMetrics(metrics, measures);
  try {
    const { signal } = context;
    const name = nameOfFacts(facts);
    const done = await workOnQueue({
      ...{ queue, queueId: plan.queueId!, name, zoo: out, kind, data, space, concurrency, threads, signal, onJob, telemetry },
    });
    const seconds = Math.round((performance.now() - begun) / 1000);
    const { seconds: inJobs, ...counts } = done;
    context.print(
      { zoo: out, ...counts, seconds, inJobs: Math.round(inJobs), has: facts },
      () => `the work in ${out} has ended; ${textOf(done, seconds)}`,
    );
  } finally {
    await served?.close();
    await queue.close();
    await telemetry.flush();
  }
}

const measuresOf = ({ concurrency, memory }: WorkerFacts, soFar: () => WorkDone): readonly Measure[] => [
  { name: 'netspace_worker_jobs_done_total', help: 'Jobs that this worker has done', value: () => soFar().done },
  { name: 'netspace_worker_jobs_failed_total', help: 'Jobs that have failed on this worker', value: () => soFar().failed },
  { name: 'netspace_worker_networks_total', help: 'Networks that this worker has trained', value: () => soFar().networks },
  { name: 'netspace_worker_job_seconds_total', help: 'Seconds that its jobs have taken, added up', value: () => soFar().seconds },
  { name: 'netspace_worker_jobs_at_once', help: 'Jobs that this worker runs at once', value: () => concurrency },
  { name: 'netspace_worker_job_memory_bytes', help: 'Memory that this worker has for each of them', value: () => memory * 2 ** 20 },
];

const textOf = ({ done, failed, networks }: Omit<WorkDone, 'seconds'>, seconds: number): string =>
  `${counted(done, 'job')} done, ${failed} failed, ${Math.round((3600 * networks) / Math.max(seconds, 1))} networks an hour`;

/** The plan of the work in a folder; waits for one to begin. */
async function planIn(folder: string, context: CommandContext): Promise<{ readonly plan: JobPlanFile; readonly kind: WorkKind }> {
  const { signal } = context;
  for (let waits = 0; ; waits++) {
    const plans = await Promise.all(WORK_KINDS.map(async (kind) => ({ kind, plan: await jobFolder(folder, kind).readPlan() })));
    const queued = plans.flatMap(({ kind, plan }) => (plan?.queueId === undefined ? [] : [{ kind, plan }]));
    const [newest] = queued.sort((a, b) => b.plan.begun - a.plan.begun); // an older one may have been stopped
    if (newest !== undefined) return newest;
    if (signal.aborted) throw new NetSpaceError('ABORTED', 'worker: stopped by a signal before there were jobs');
    if (waits === 0) context.note(`waiting for a command with --queue in ${folder}, such as netspace zoo build`);
    await setTimeout(500, undefined, { signal }).catch(() => undefined);
  }
}
