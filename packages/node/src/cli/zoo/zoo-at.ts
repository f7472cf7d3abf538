import { NetSpaceError } from '@netspace/prep';
import { openInstanceStore } from '@netspace/zoo';

import { filesAt } from '../../files/files-at.js';
import { readRunRecord, type RunRecord } from '../../runs/run-record.js';
import type { Called } from '../called.js';

/** What is known of a zoo, or of one that is being built. */
export interface ZooAt {
  /** Of its build; undefined if its networks were brought. */
  readonly record: Partial<RunRecord> | undefined;
  readonly networks: number;
}

/** @throws NetSpaceError `NOT_FOUND` if there is neither a network nor a build */
export async function zooAt(call: string, folder: string, { netspace = 'netspace' }: Called): Promise<ZooAt> {
  const record = await readRunRecord(folder);
  const networks = (await openInstanceStore(filesAt(folder)).list()).length;
  if (record !== undefined || networks > 0) return { record, networks };
  throw new NetSpaceError('NOT_FOUND', `${call}: expected a zoo in ${folder}, got none; build one there with ${netspace} zoo build`);
}
