import { readSafetensors } from '@netspace/formats';
import { NetSpaceError } from '@netspace/prep';

import type { InstanceRecord } from '../instance-record.js';
import type { Draft } from './append.js';

/** In a file's metadata: the ClassId that was given by hand, instead of numbered by parameter count. */
export const CLASS_ID = 'classId';

/**
 * A network of a store as something to add: its ClassId goes with it only where it was given by hand, which the network's file says.
 *
 * @throws NetSpaceError `CORRUPT_FILE` if the file says another ClassId than the record
 */
export function draftOfStored(stored: InstanceRecord, bytes: Uint8Array): Draft {
  const { name, architecture, parameterCount, epochs, seed, metrics, sha256 } = stored;
  const given = readSafetensors(bytes).metadata[CLASS_ID];
  if (given !== undefined && given !== String(stored.classId)) {
    throw new NetSpaceError(
      'CORRUPT_FILE',
      `draftOfStored: expected ClassId ${stored.classId} in the file of ${name}, as the index says, got ${given.slice(0, 40)}; netspace zoo verify says more`,
    );
  }
  const classId = given === undefined ? {} : { classId: Number(given) };
  return { record: { name, architecture, parameterCount, ...classId, epochs, seed, metrics, sha256 }, bytes };
}
