import { withLockAt } from '../../files/files-at.js';
import type { WorkFacts } from '../../jobs/ended-jobs.js';
import { type Collected, collectByJobs } from '../../jobs/collect-by-jobs.js';
import type { Job } from '../../jobs/job.js';
import { jobKeys, type JobOrigin, jobOrigin, jobThreads, ownThreads } from '../../jobs/job-key.js';
import { QUEUED_AT_ONCE } from '../../jobs/queue/queued-jobs.js';
import { commandOfWork, type WorkKind } from '../../jobs/work-kind.js';
import type { WorkSource } from '../../jobs/works/work-source.js';
import type { Telemetry } from '../../metrics/telemetry.js';
import type { SelectedRuntime } from '../../runtime/select-runtime.js';
import type { CommandContext } from '../command-context.js';
import { checkWork, type WorkOptions } from '../options/work-options.js';
import { withWayOn } from '../training/way-on.js';
import { startJobs } from './start-jobs.js';
import { traced } from './traced.js';

interface RunWorkOptions {
  /** Folder of the zoo, or of the sweep. */
  readonly zoo: string;
  readonly kind: WorkKind;
  /** All that another process needs to plan the same jobs. */
  readonly source: WorkSource;
  readonly options: WorkOptions;
  readonly runtime: SelectedRuntime;
  readonly context: CommandContext;
  /** The command again, for those who interrupt it. */
  readonly again: readonly string[];
}

/** What is to be done. It is asked for when no other command of the kind works in the zoo. */
export interface Work {
  readonly jobs: readonly Job[];
  /** Names whose bytes are there already. */
  readonly present: ReadonlySet<string>;
}

/** Versions and runtime of the processes that run the jobs. */
export const originOfWork = (runtime: SelectedRuntime, { concurrency, queue }: WorkOptions): JobOrigin =>
  jobOrigin(runtime, concurrency === undefined && queue === undefined ? ownThreads() : jobThreads());

/** Jobs that run, or are in the queue, at once. */
export const jobsAtOnce = ({ concurrency, queue }: WorkOptions): number => (queue === undefined ? (concurrency ?? 1) : QUEUED_AT_ONCE);

/**
 * Runs the jobs of a command over a zoo where its options say: here, in processes of this machine, or on all machines that share a queue.
 *
 * @param work says what is to be done
 * @param keep keeps what the jobs have given, after which their results are removed
 */
export async function runWork<Result>(
  work: () => Promise<Work>,
  keep: (collected: Collected['bytes'], work: Work) => Promise<Result>,
  { zoo, kind, source, options, runtime, context, again }: RunWorkOptions,
): Promise<Result> {
  const call = commandOfWork(kind);
  await checkWork(call, options, runtime);
  const origin = originOfWork(runtime, options);
  const run = async (telemetry: Telemetry): Promise<Result> => {
    const planned = await work();
    const { jobs, present } = planned;
    const bar = context.progress(kind === 'sweep' ? 'runs' : 'networks', 1000, { as: 'percent' }); // in thousandths
    const start = (facts: WorkFacts) => startJobs({ zoo, kind, source, origin, bar, jobs, options, context, telemetry }, facts);
    const { bytes, clear } = await collectByJobs(jobs, {
      ...{ zoo, kind, keys: jobKeys(jobs, origin), present, start, signal: context.signal, concurrency: jobsAtOnce(options) },
    }).finally(() => bar.stop());
    const kept = await keep(bytes, planned);
    await clear();
    return kept;
  };
  const onWait = (owner: string): void => context.note(`another netspace ${call} runs in ${zoo} (process ${owner}): waiting until it ends`);
  const locked = (telemetry: Telemetry): Promise<Result> =>
    withLockAt(zoo, () => run(telemetry), { name: `.${kind}.lock`, timeoutMs: Infinity, onWait, signal: context.signal });
  return traced(call, options, { 'netspace.zoo': zoo }, locked).catch((error: unknown) => {
    throw withWayOn(error, context, again);
  });
}
