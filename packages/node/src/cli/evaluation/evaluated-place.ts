import { access } from 'node:fs/promises';

import type { RunRecord } from '../../runs/run-record.js';
import type { Called } from '../called.js';
import { isFreeSpace } from '../files/free-embeddings.js';

/** What was evaluated, as the command was told, and what the run of the space says of itself. */
export interface EvaluatedPlace extends Called {
  readonly space: string;
  readonly zoo: string;
  readonly data?: string | undefined;
  readonly record?: Partial<RunRecord> | undefined;
  /** The config file of the run, if it is still there. */
  readonly config?: string | undefined;
  /** Whether the space learned with free embeddings: its encodings are to be refined. */
  readonly free?: boolean;
  /** Steps of refinement, if encodings were refined. */
  readonly refine?: number | undefined;
}

/** The same with what the record of the run tells. */
export async function evaluatedPlace(given: Omit<EvaluatedPlace, 'config' | 'free'>): Promise<EvaluatedPlace> {
  const file = given.record?.file;
  const isThere = file !== undefined && (await access(file).then(() => true, () => false)); // prettier-ignore
  return { ...given, ...(isThere && { config: file }), free: await isFreeSpace(given.space, given.record) };
}
