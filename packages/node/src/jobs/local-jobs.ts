import type { Progress } from '../runs/progress.js';
import type { JobRunner, WorkFacts } from './ended-jobs.js';
import { jobFolder } from './folder/job-folder.js';
import { type JobOrigin, jobThreads } from './job-key.js';
import { jobProcesses } from './job-processes.js';
import { jobsProgress } from './jobs-progress.js';
import type { WorkKind } from './work-kind.js';
import type { WorkSource } from './works/work-source.js';

interface LocalJobsOptions {
  readonly zoo: string;
  readonly kind: WorkKind;
  readonly source: WorkSource;
  readonly origin: JobOrigin;
  /** In thousandths. */
  readonly bar: Progress;
}

/** Runs jobs in processes of this machine. */
export async function localJobs({ zoo, kind, source, origin, bar }: LocalJobsOptions, facts: WorkFacts): Promise<JobRunner> {
  const { present, total, signal } = facts;
  await jobFolder(zoo, kind).writePlan({ source, origin, total, present, begun: Date.now() });
  const processes = jobProcesses({ zoo, kind, threads: jobThreads(), signal });
  const progress = jobsProgress(bar, { present, total });
  return {
    async run(request, job) {
      const watch = progress.of(job.title, request.wanted.length);
      const [ended] = await Promise.allSettled([processes.run(request, { onStep: (progress) => watch.onStep(progress) })]);
      watch.onEnd(ended.status === 'fulfilled');
      if (ended.status === 'rejected') throw ended.reason;
    },
    close: () => processes.close(),
  };
}
