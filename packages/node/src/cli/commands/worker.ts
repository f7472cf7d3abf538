import { setTimeout } from 'node:timers/promises';

import type { Command } from 'commander';

import { checkOutputAt } from '../../files/files-at.js';
import { jobOrigin } from '../../jobs/job-key.js';
import { joinQueues } from '../../jobs/queue/job-queues.js';
import { checkQueue, openQueues, outageNotes } from '../../jobs/queue/open-queue.js';
import { assertSameOrigin } from '../../jobs/same-origin.js';
import { factsOf, fittingFor, nameOfFacts, textOfFacts, type WorkerFacts } from '../../jobs/queue/worker-facts.js';
import { nameOfWork } from '../../jobs/works/work-source.js';
import { type Measure, serveMetrics } from '../../metrics/serve-metrics.js';
import { NO_TELEMETRY, openTelemetry, type Telemetry } from '../../metrics/telemetry.js';
import { type WorkDone, workOnQueue } from '../../jobs/queue/work-on-queue.js';
import { action, type CommandContext } from '../command-context.js';
import { CLI_LIMITS, countOption, positiveOption } from '../options/number-option.js';
import { checkConcurrency } from '../options/work-options.js';
import { counted } from '../output/counted.js';
import { awaitedPlans, type FoundPlan, plansIn } from '../work/plans-in.js';

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

/** A worker whose folder or queue shows no sign of life of the command is refused after three times the lock, and so much, in milliseconds. */
const MARGIN_MS = 6000;
/** Between two lines about progress. */
const TELL_EVERY_MS = 10_000;

/** `netspace worker --queue URL --out DIR`: runs jobs of a build, or of another command over a zoo, that other machines share. */
export function addWorker(program: Command): void {
  program
    .command('worker')
    .description('run jobs of a zoo command that runs with --queue, such as zoo build, until it has ended')
    .requiredOption('--queue <url>', 'Redis or Valkey, such as redis://HOST; a password may be in NETSPACE_QUEUE_PASSWORD')
    .requiredOption(
      '--out <dir>',
      'folder of the zoo, which all machines share, or s3://BUCKET/PATH; or a folder of zoos, such as that of an experiment',
    )
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
  const { out, concurrency, memory, metrics } = options;
  const { signal } = context;
  const telemetry = options.telemetry === true ? await openTelemetry() : NO_TELEMETRY; // what is wrong with it is said before a wait
  await checkQueue(options.queue); // as is a server that does not answer
  let plans = await awaitedPlans(out, context);
  const [{ plan: first, zoo }] = plans as [FoundPlan];
  await checkOutputAt('--out', zoo); // a job that ends in a folder that is read-only has run for nothing
  const runtime = await context.startRuntime(first.origin);
  const threads = Number(first.origin['threads']) || 1;
  assertSameOrigin(jobOrigin(runtime, threads), first.origin);
  checkConcurrency('worker', concurrency, runtime);
  const facts = factsOf(runtime, { concurrency, threads, memory });
  fittingFor(first.needs ?? [0], facts);
  context.note(`worker: ${textOfFacts(facts)}`);
  const told = tally(context);
  const measures = measuresOf(facts, told);
  telemetry.measure(measures);
  const served = metrics === undefined ? undefined : await serveMetrics(metrics, measures);
  try {
    const several = plans[0]!.zoo !== out;
    for (; plans.length > 0; plans = several ? await plansIn(out) : []) {
      for (const found of plans) {
        assertSameOrigin(jobOrigin(runtime, threads), found.plan.origin);
        await workOn(found, { options, context, facts, telemetry, told, several });
      }
      if (several) await setTimeout(500, undefined, { signal }).catch(() => undefined);
    }
    const { seconds: inJobs, ...counts } = told.soFar();
    const seconds = told.seconds();
    context.print(
      { zoo: out, ...counts, seconds, inJobs: Math.round(inJobs), has: facts },
      () => `the work in ${out} has ended; ${textOf(counts, seconds)}`,
    );
  } finally {
    await served?.close();
    await telemetry.flush();
  }
}

interface Working {
  readonly options: Options;
  readonly context: CommandContext;
  readonly facts: WorkerFacts;
  readonly telemetry: Telemetry;
  readonly told: Tally;
  /** Whether other zoos beside this one may have jobs. */
  readonly several: boolean;
}

/** Runs the jobs of a work until it has ended, or, beside others, as long as jobs wait. */
async function workOn({ zoo, kind, plan }: FoundPlan, { options, context, facts, telemetry, told, several }: Working): Promise<void> {
  const { queue: url, data, space, concurrency, lock } = options;
  const queues = await openQueues({
    ...{ url, id: plan.queueId, needs: fittingFor(plan.needs ?? [0], facts), telemetry: telemetry !== NO_TELEMETRY },
    onOutage: outageNotes(context),
    ...(lock !== undefined && { lockMs: 1000 * lock }),
  });
  const queue = joinQueues(queues, () => 0); // it adds none
  try {
    if (several && (await queue.counts()).waiting === 0) return;
    await workOnQueue({
      ...{ queue, queueId: plan.queueId, name: nameOfFacts(facts), zoo, kind, data, space, concurrency, threads: facts.threads || 1 },
      ...{ signal: context.signal, onJob: told.of(nameOfWork(plan.source)), telemetry, whileJobsWait: several },
      ...{ note: (line: string) => context.note(line), ...(lock !== undefined && { patienceMs: 3000 * lock + MARGIN_MS }) },
    });
  } finally {
    await queue.close();
  }
}

type Tally = ReturnType<typeof tally>;

/** Adds up what a worker has done in all its works, and says so from time to time. */
function tally(context: CommandContext) {
  const begun = performance.now();
  let told = begun;
  let soFar: WorkDone = { done: 0, failed: 0, networks: 0, seconds: 0 };
  const byWork: Record<string, number> = {};
  const seconds = (): number => Math.round((performance.now() - begun) / 1000);
  return {
    soFar: () => soFar,
    /** Jobs that were done, by work. */
    byWork: () => byWork,
    seconds,
    /** Takes what was done of a work in all. */
    of(work: string) {
      const before = soFar;
      let own = 0;
      byWork[work] ??= 0;
      return (now: WorkDone): void => {
        soFar = addedTo(before, now);
        byWork[work]! += now.done - own;
        own = now.done;
        if (performance.now() - told < TELL_EVERY_MS) return;
        told = performance.now();
        context.note(textOf(soFar, seconds()));
      };
    },
  };
}

const addedTo = (one: WorkDone, other: WorkDone): WorkDone => ({
  done: one.done + other.done,
  failed: one.failed + other.failed,
  networks: one.networks + other.networks,
  seconds: one.seconds + other.seconds,
});

const measuresOf = ({ concurrency, memory }: WorkerFacts, { soFar, byWork }: Tally): readonly Measure[] => [
  { name: 'netspace_worker_jobs_done_total', help: 'Jobs that this worker has done', value: () => soFar().done },
  {
    name: 'netspace_worker_work_jobs_done_total',
    help: 'The same by work: build, align, evaluate, encode, sweep',
    by: 'work',
    value: byWork,
  },
  { name: 'netspace_worker_jobs_failed_total', help: 'Jobs that have failed on this worker', value: () => soFar().failed },
  { name: 'netspace_worker_networks_total', help: 'Networks, or spaces of a sweep, of the jobs done', value: () => soFar().networks },
  { name: 'netspace_worker_job_seconds_total', help: 'Seconds that its jobs have taken, added up', value: () => soFar().seconds },
  { name: 'netspace_worker_jobs_at_once', help: 'Jobs that this worker runs at once', value: () => concurrency },
  { name: 'netspace_worker_job_memory_bytes', help: 'Memory that this worker has for each of them', value: () => memory * 2 ** 20 },
];

const textOf = ({ done, failed, networks }: Omit<WorkDone, 'seconds'>, seconds: number): string =>
  `${counted(done, 'job')} done, ${failed} failed, ${Math.round((3600 * networks) / Math.max(seconds, 1))} networks an hour`;
