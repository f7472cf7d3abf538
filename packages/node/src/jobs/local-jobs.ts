import type { Progress } from '../runs/progress.js';
import type { BuildFacts, JobRunner } from './build-by-jobs.js';
import { jobFolder } from './job-folder.js';
import { type JobOrigin, jobThreads } from './job-key.js';
import { jobProcesses } from './job-processes.js';
import { jobsProgress } from './jobs-progress.js';
import type { ZooSource } from './zoo-source.js';

interface LocalJobsOptions {
  readonly zoo: string;
  readonly source: ZooSource;
  readonly origin: JobOrigin;
  /** In thousandths. */
  readonly bar: Progress;
}

/** Runs jobs in processes of this machine. */
export async function localJobs({ zoo, source, origin, bar }: LocalJobsOptions, facts: BuildFacts): Promise<JobRunner> {
  const { present, total, signal } = facts;
  await jobFolder(zoo).writePlan({ source, origin, total, present, begun: Date.now() });
  const processes = jobProcesses({ zoo, threads: jobThreads(), signal });
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
