import { disposeInstances, isNetSpaceError, type StepProgress } from '@netspace/prep';
import type { ZooJob } from '@netspace/train/internal';
import { type Draft, draftOf } from '@netspace/zoo/internal';

import type { JobResult } from './job-result.js';

/** How to run a job. */
interface RunJobOptions {
  readonly wanted: ReadonlySet<string>;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: ((progress: StepProgress) => void) | undefined;
}

/**
 * Runs a job. That its training diverges is a result: it would diverge again.
 *
 * @throws NetSpaceError `ABORTED` when the signal stopped it, and as the job otherwise
 */
export async function runJob(job: ZooJob, options: RunJobOptions): Promise<JobResult> {
  const drafts: Draft[] = [];
  try {
    for await (const entry of job.run(options)) {
      try {
        drafts.push(await draftOf(entry, 'float32'));
      } finally {
        disposeInstances([entry.instance]);
      }
    }
    return { drafts };
  } catch (error) {
    if (!isNetSpaceError(error) || error.code !== 'DIVERGED') throw error;
    return { drafts, failure: { code: error.code, message: error.message } };
  }
}
