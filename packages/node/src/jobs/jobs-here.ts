import type { Progress } from '../runs/progress.js';
import type { JobRunner, WorkFacts } from './ended-jobs.js';
import type { Job } from './job.js';
import { jobFolder } from './folder/job-folder.js';
import { jobsProgress } from './jobs-progress.js';
import { runJob } from './run-job.js';
import type { WorkKind } from './work-kind.js';

interface JobsHereOptions {
  readonly zoo: string;
  readonly kind: WorkKind;
  readonly jobs: readonly Job[];
  /** In thousandths. */
  readonly bar: Progress;
}

/** Runs jobs in this process, with all its threads. */
export function jobsHere({ zoo, kind, jobs, bar }: JobsHereOptions, facts: WorkFacts): JobRunner {
  const folder = jobFolder(zoo, kind);
  const progress = jobsProgress(bar, facts);
  return {
    async run({ index, key, wanted }) {
      const job = jobs[index]!;
      const watch = progress.of(job.title, wanted.length);
      let ended = false;
      try {
        await folder.writeResult(
          key,
          await runJob(job, { wanted: new Set(wanted), signal: facts.signal, onStep: (at) => watch.onStep(at) }),
        );
        ended = true;
      } finally {
        watch.onEnd(ended);
      }
    },
    close: () => undefined,
  };
}
