import { type Architecture, NetSpaceError } from '@netspace/prep';
import type { InstanceRecord } from '@netspace/zoo';

import { architecturesIn } from '../../architectures/architectures-in.js';
import { openZooFolder } from '../../architectures/open-zoo-folder.js';
import { counted } from '../output/counted.js';

const NOUNS = { classifier: 'classifier', sdf: 'shape' } as const;
type Kind = keyof typeof NOUNS;
const kindOf = ({ purpose }: Architecture): Kind | undefined => (purpose === 'classifier' || purpose === 'sdf' ? purpose : undefined);

/**
 * Refuses to put shapes into a zoo of classifiers, or classifiers into a zoo of shapes: a space compares networks on images or at points, so it
 * learns one or the other. A zoo that has both already may be completed.
 *
 * @param wanted of the networks to add
 * @throws NetSpaceError `INVALID_OPTION`, naming both kinds
 */
export async function refuseOtherKind(command: string, folder: string, wanted: readonly Architecture[]): Promise<void> {
  const records = await (await openZooFolder(folder)).list();
  const find = await architecturesIn(folder);
  const there = new Map<Kind, InstanceRecord[]>();
  for (const record of records) {
    const kind = kindIn(record, find);
    if (kind !== undefined) there.set(kind, [...(there.get(kind) ?? []), record]);
  }
  for (const architecture of wanted) {
    const kind = kindOf(architecture);
    if (kind === undefined || there.size === 0 || there.has(kind)) continue;
    const [[other, networks]] = [...there] as [[Kind, InstanceRecord[]]];
    throw new NetSpaceError(
      'INVALID_OPTION',
      `${command}: expected --out to be a folder of ${NOUNS[kind]}s like ${architecture.name}, or a new one, got ${folder} with ${counted(networks.length, NOUNS[other])} such as ${networks[0]!.name}; no space learns both, so name another folder`,
    );
  }
}

/** Of a network whose architecture the command does not know, nothing is known. */
function kindIn({ architecture }: InstanceRecord, find: (name: string) => Architecture): Kind | undefined {
  try {
    return kindOf(find(architecture));
  } catch {
    return undefined;
  }
}
