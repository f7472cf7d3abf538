import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import type { InstanceRecord, InstanceStore } from '@netspace/zoo';

import { architecturesIn, isOnnxName } from '../../architectures/architectures-in.js';
import { openZooFolder } from '../../architectures/open-zoo-folder.js';
import { measuredBy, readKeptMeasures, withMeasures } from '../../zoos/kept-measures.js';
import type { Called } from '../called.js';
import { recordsNamed } from '../options/zoo-options.js';
import { counted } from '../output/counted.js';

/** A zoo in a folder. Its records also have what `zoo evaluate` has measured. */
export interface OpenedZoo {
  readonly store: InstanceStore;
  readonly records: readonly InstanceRecord[];
  /** The same as the index of the zoo has them, without what `zoo evaluate` has measured. */
  readonly indexed: readonly InstanceRecord[];
  /** Those of architectures that the command does not know: a program that knew them wrote the zoo. */
  readonly strangers: readonly InstanceRecord[];
}

/**
 * The zoo in a folder.
 *
 * @param runs which networks the caller has to run, by name or a part of it: they must be of architectures that the command knows
 * @throws NetSpaceError `NOT_FOUND` if there is none, or an empty one, or an architecture is not known, or its graph is missing; as `architecturesIn`
 */
export async function openZoo(
  folder: string,
  { runs = 'all', netspace = 'netspace' }: Called & { readonly runs?: 'all' | 'none' | readonly string[] | undefined } = {},
): Promise<OpenedZoo> {
  const [inFolder, kept] = [await openZooFolder(folder), await readKeptMeasures(folder)];
  const indexed = await inFolder.list();
  const [store, records] = [withMeasures(inFolder, kept), indexed.map(measuredBy(kept))];
  if (records.length === 0) {
    throw new NetSpaceError(
      'NOT_FOUND',
      `openZoo: expected instances in ${folder}, got none; build a zoo there with ${netspace} zoo build, or import networks with ${netspace} zoo import`,
    );
  }
  const unknown = await unknownNames(folder, new Set(records.map(({ architecture }) => architecture)));
  const strangers = unknown.size === 0 ? [] : records.filter(({ architecture }) => unknown.has(architecture));
  if (runs !== 'none') {
    const wanted = runs === 'all' ? records : runs.flatMap((name) => recordsNamed(records, name));
    refuseStrangers(
      folder,
      strangers.filter((record) => wanted.includes(record)),
      { netspace },
    );
  }
  return { store, records, indexed, strangers };
}

/** Names of architectures that are not known; refuses at once a graph that is missing or another's, without which no network could be read. */
async function unknownNames(folder: string, names: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const find = await architecturesIn(folder);
  const unknown = new Set<string>();
  for (const name of names) {
    try {
      find(name);
    } catch (error) {
      if (isOnnxName(name) || !isNetSpaceError(error) || error.code !== 'NOT_FOUND') throw error;
      unknown.add(name);
    }
  }
  return unknown;
}

/** Refuses networks that the command cannot run, and names the way out. */
export function refuseStrangers(
  folder: string,
  [first, ...others]: readonly InstanceRecord[],
  { netspace = 'netspace' }: Called = {},
): void {
  if (first === undefined) return;
  const more = others.length === 0 ? '' : ` and ${counted(others.length, 'more network')}`;
  throw new NetSpaceError(
    'NOT_FOUND',
    `openZoo: expected networks of architectures that the command knows in ${folder}, got ${first.architecture} (${first.name}${more}); ${wayOut(netspace)}`,
  );
}

/** For networks whose architecture only a program knows. */
const wayOut = (netspace: string): string =>
  `import the files of the networks with ${netspace} zoo import --architecture FILE, where FILE is the model.json of one of them or its ONNX export, or use this zoo in a program, which gives openInstanceStore a resolve`;
