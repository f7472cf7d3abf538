import { dirname, join, resolve } from 'node:path';

import type { RunRecord } from '../../runs/run-record.js';
import { readExportedFolder } from '../explore/read-folder.js';

/**
 * What an exported folder says of the space that lies in it, in the words of a run: which networks were held out.
 *
 * @param networks those that are asked about
 * @returns undefined if the space lies in no such folder, or the folder does not know all of the networks, or none of its own as held out
 */
export async function exportedRecord(
  space: string,
  networks: readonly { readonly name: string }[],
): Promise<Pick<RunRecord, 'result'> | undefined> {
  const folder = dirname(resolve(space));
  const manifest = await readExportedFolder(folder).catch(() => undefined); // a space is a space, whatever lies around it
  if (manifest === undefined || join(folder, dirname(manifest.space)) !== resolve(space)) return undefined;
  const known = new Set(manifest.networks.map(({ name }) => name));
  const heldOut = manifest.networks.filter((network) => network.heldOut).map(({ name }) => name);
  return heldOut.length > 0 && networks.every(({ name }) => known.has(name)) ? { result: { heldOut } } : undefined;
}
