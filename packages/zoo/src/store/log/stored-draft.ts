import { readSafetensors } from '@netspace/formats';
import { NetSpaceError } from '@netspace/prep';

import { type InstanceRecord, isCount, type KeptRecord } from '../instance-record.js';
import type { Draft } from './append.js';

/** In a file's metadata: the ClassId that was given by hand, instead of numbered by parameter count. */
export const CLASS_ID = 'classId';

/**
 * A network of a store as something to add: its ClassId goes with it only where it was given by hand, which the network's file says.
 *
 * @throws NetSpaceError `CORRUPT_FILE` if the file says another ClassId than the record
 */
export function draftOfStored(stored: InstanceRecord, bytes: Uint8Array): Draft {
  const draft = draftOfKept(stored, bytes);
  const { name } = stored;
  const given = draft.record.classId;
  if (given !== undefined && given !== stored.classId) {
    throw new NetSpaceError(
      'CORRUPT_FILE',
      `draftOfStored: expected ClassId ${stored.classId} in the file of ${name}, as the index says, got ${given}; netspace zoo verify says more`,
    );
  }
  return draft;
}

/**
 * The same of what an index says, whatever ClassId it says: only what the network's file says of it is looked at.
 *
 * @throws NetSpaceError `CORRUPT_FILE` if that is no ClassId
 */
export function draftOfKept(kept: Omit<KeptRecord, 'classId'>, bytes: Uint8Array): Draft {
  const { name, architecture, parameterCount, epochs, seed, metrics, sha256 } = kept;
  const given = readSafetensors(bytes).metadata[CLASS_ID];
  if (given !== undefined && !isCount(Number(given)))
    throw new NetSpaceError('CORRUPT_FILE', `draftOfStored: expected a ClassId in the file of ${name}, got ${given.slice(0, 40)}`);
  const classId = given === undefined ? {} : { classId: Number(given) };
  return { record: { name, architecture, parameterCount, ...classId, epochs, seed, metrics, sha256 }, bytes };
}
