import { isNetSpaceError } from '@netspace/prep';
import { joinBytes } from '@netspace/prep/internal';
import { readCheckpoint, type TrainingState, writeCheckpoint } from '@netspace/train/internal';

import type { NamedBytes } from '../job.js';
import { jobResultBytes, readJobResult } from './job-result.js';

/** A job that is half done: its networks so far, and the state of its training. */
export interface JobCheckpoint {
  readonly drafts: readonly NamedBytes[];
  readonly state: TrainingState;
}

/** Digits that say how long the networks are. They are followed by the networks, as in a result, and by the state. */
const LENGTH = 12;

export async function jobCheckpointBytes(key: string, { drafts, state }: JobCheckpoint): Promise<Uint8Array> {
  const networks = jobResultBytes(key, { drafts });
  const { step, facts: config, tensors } = state;
  let training = new Uint8Array();
  const write = (bytes: Uint8Array): Promise<void> => Promise.resolve(void (training = new Uint8Array(bytes)));
  await writeCheckpoint({ name: key, read: () => Promise.resolve(undefined), write }, { step, config, versions: {}, tensors });
  return joinBytes([new TextEncoder().encode(String(networks.length).padStart(LENGTH)), networks, training]);
}

/** What a file holds; undefined if it is not a whole checkpoint of this job. The caller disposes the tensors of the state. */
export async function readJobCheckpoint(key: string, bytes: Uint8Array): Promise<JobCheckpoint | undefined> {
  const end = LENGTH + Number(new TextDecoder().decode(bytes.subarray(0, LENGTH)));
  const networks = Number.isSafeInteger(end) ? readJobResult(key, bytes.subarray(LENGTH, end)) : undefined;
  if (networks === undefined) return undefined;
  try {
    const storage = { name: key, read: () => Promise.resolve(bytes.slice(end)), write: () => Promise.resolve() };
    const { step, config, tensors } = (await readCheckpoint(storage))!;
    return { drafts: networks.drafts, state: { step, facts: config as TrainingState['facts'], tensors } };
  } catch (error) {
    if (isNetSpaceError(error)) return undefined;
    throw error;
  }
}
