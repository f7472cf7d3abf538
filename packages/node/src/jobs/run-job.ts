import { disposeInstances, isNetSpaceError, type StepProgress } from '@netspace/prep';
import type { Resume } from '@netspace/train/internal';
import type { InstanceEntry } from '@netspace/zoo';
import { draftOf } from '@netspace/zoo/internal';
import * as tf from '@tensorflow/tfjs-core';

import type { Job, NamedBytes } from './job.js';
import { type JobCheckpoint, jobCheckpointBytes, readJobCheckpoint } from './folder/job-checkpoint.js';
import type { JobResult } from './folder/job-result.js';

/** Where a job that is half done is kept. */
export interface CheckpointPlace {
  readonly key: string;
  /** Milliseconds between two checkpoints; a shorter job has none. */
  readonly everyMs: number;
  readonly read: () => Promise<Uint8Array | undefined>;
  readonly write: (bytes: Uint8Array) => Promise<void>;
}

/** How to run a job. */
interface RunJobOptions {
  readonly wanted: ReadonlySet<string>;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: ((progress: StepProgress) => void) | undefined;
  readonly checkpoint?: CheckpointPlace | undefined;
}

/**
 * Runs a job, from its checkpoint if there is one. That its training diverges is a result: it would diverge again.
 *
 * @throws NetSpaceError `ABORTED` when the signal stopped it, and as the job otherwise
 */
export async function runJob(job: Job, { checkpoint, ...options }: RunJobOptions): Promise<JobResult<NamedBytes>> {
  const before = checkpoint && (await checkpointOf(checkpoint, options.wanted));
  const drafts: NamedBytes[] = [...(before?.drafts ?? [])];
  const resume = checkpoint && keeping(checkpoint, { before, drafts, wanted: options.wanted });
  try {
    for await (const given of job.run({ ...options, resume })) drafts.push('instance' in given ? await draftOfEntry(given) : given);
    return { drafts };
  } catch (error) {
    if (!isNetSpaceError(error) || error.code !== 'DIVERGED') throw error;
    return { drafts, failure: { code: error.code, message: error.message } };
  } finally {
    tf.dispose({ ...before?.state.tensors });
  }
}

async function draftOfEntry(entry: InstanceEntry): Promise<NamedBytes> {
  try {
    return await draftOf(entry, 'float32');
  } finally {
    disposeInstances([entry.instance]);
  }
}

/** The checkpoint of a job that is to give the same networks. */
async function checkpointOf({ key, read }: CheckpointPlace, wanted: ReadonlySet<string>): Promise<JobCheckpoint | undefined> {
  const bytes = await read();
  const found = bytes && (await readJobCheckpoint(key, bytes));
  if (found === undefined || sameNames(found.state.facts['wanted'], wanted)) return found;
  tf.dispose({ ...found.state.tensors });
  return undefined;
}

const sameNames = (given: unknown, wanted: ReadonlySet<string>): boolean => JSON.stringify(given) === JSON.stringify([...wanted]);

interface Kept {
  readonly before: JobCheckpoint | undefined;
  /** Those that the job has given so far. */
  readonly drafts: readonly NamedBytes[];
  readonly wanted: ReadonlySet<string>;
}

function keeping({ key, everyMs, write }: CheckpointPlace, { before, drafts, wanted }: Kept): Resume {
  let last = performance.now();
  return {
    from: before?.state,
    async keep(state) {
      if (performance.now() - last < everyMs) return;
      const now = state();
      try {
        await write(await jobCheckpointBytes(key, { drafts, state: { ...now, facts: { ...now.facts, wanted: [...wanted] } } }));
      } catch {
        // A full disk: a job without a checkpoint only has to be run from the beginning.
      } finally {
        tf.dispose({ ...now.tensors });
        last = performance.now();
      }
    },
  };
}
