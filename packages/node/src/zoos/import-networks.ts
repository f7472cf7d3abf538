import type { InstanceFromTensorsOptions } from '@netspace/formats';
import { type Architecture, disposeInstances, type Instance, isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { nextTask } from '@netspace/prep/internal';
import type { InstanceEntry, InstanceStore } from '@netspace/zoo';

import type { FoundNetwork, FoundZoo } from './found-network.js';
import { networkOf } from './network-of.js';
import { isSameNetwork } from './same-network.js';
import type { SirenOptions } from './siren-of.js';

/** Networks that are added at once. */
const BATCH = 64;
/** Networks that may be left out, so that a zoo of the wrong kind is not read to its end. */
const PROBLEMS = 1000;

export interface ImportNetworksOptions extends SirenOptions {
  /** The architecture of all networks. Without it, the tensors show it. */
  readonly architecture: Architecture | undefined;
  readonly reading: InstanceFromTensorsOptions;
  /** Import only this many networks. */
  readonly first?: number | undefined;
  readonly signal: AbortSignal;
  readonly onAdd?: (done: number) => void;
}

export interface ImportResult {
  readonly layout: string;
  readonly added: number;
  /** Networks that the store had already, with the same weights. */
  readonly present: number;
  /** Assumptions that the import made. */
  readonly said: readonly string[];
  /** Networks that could not be read, or whose names have other weights, and why. */
  readonly problems: readonly { readonly place: string; readonly problem: string }[];
}

/**
 * Adds the networks of somebody else's zoo to a store. Networks that the store has already, with the same weights, are skipped, so the next call
 * continues an interrupted import. A network that cannot be read, or whose name has other weights in the store, is left out and reported, unless
 * it is the first: then the import fails.
 *
 * @throws NetSpaceError as the reader of the first network; `ABORTED` when the signal stopped it, with whole networks in the store
 */
export async function importNetworks(zoo: FoundZoo, store: InstanceStore, options: ImportNetworksOptions): Promise<ImportResult> {
  const { first = Infinity, signal, onAdd } = options;
  const problems: { place: string; problem: string }[] = [];
  const said = new Set(zoo.said);
  let [added, present, seen] = [0, 0, 0];
  let batch: InstanceEntry[] = [];
  const names = new Map<string, string>();
  const flush = async (): Promise<void> => {
    try {
      added += (await store.addAll(batch)).length;
    } finally {
      disposeInstances(batch.map(({ instance }) => instance));
      batch = [];
    }
    onAdd?.(added);
  };
  try {
    for await (const network of zoo.networks) {
      if (seen++ >= first) break;
      await nextTask(); // lets the signal in
      if (signal.aborted)
        throw new NetSpaceError('ABORTED', `zoo import: stopped by a signal after ${added} networks; run it again to go on`);
      const other = names.get(network.name);
      if (other !== undefined) {
        problems.push({
          place: network.place,
          problem: `zoo import: expected another name than ${network.name}, which ${other} has; name them with --names`,
        });
        continue;
      }
      names.set(network.name, network.place);
      try {
        const { instance, said: line } = await instanceOf(network, options);
        if (line !== undefined) said.add(line);
        if (!(await store.has(network.name))) batch.push(entryOf(network, instance));
        else {
          await refuseOther(store, network.name, instance);
          present++;
        }
      } catch (error) {
        if (!isNetSpaceError(error)) throw error;
        const message = error.message.startsWith(network.place) ? error.message.slice(network.place.length + 2) : error.message;
        // A zoo whose first network does not fit is another than was meant.
        if (added + present + batch.length === 0) throw new NetSpaceError(error.code, `${network.place}: ${message}`, { cause: error });
        problems.push({ place: network.place, problem: message });
        if (problems.length >= PROBLEMS) throw new NetSpaceError('UNSUPPORTED', `zoo import: expected networks that can be read, got ${PROBLEMS} that cannot, the last ${network.place}: ${message}`); // prettier-ignore
      }
      if (batch.length >= BATCH) await flush();
    }
    if (batch.length > 0) await flush();
  } finally {
    disposeInstances(batch.map(({ instance }) => instance)); // after an error
  }
  return { layout: zoo.layout, added, present, said: [...said], problems };
}

/** What is in the store under a name must be that network: another one's weights would be taken for those of this zoo. */
async function refuseOther(store: InstanceStore, name: string, instance: InstanceEntry['instance']): Promise<void> {
  const isSame = await isSameNetwork(store, name, instance).finally(() => disposeInstances([instance]));
  if (isSame) return;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `zoo import: expected the weights that the zoo has as ${name}, got others; import into another zoo with --out, or name the networks of a folder of files with --names`,
  );
}

/** A network of the architecture that was named, or that its tensors tell. */
async function instanceOf(
  network: FoundNetwork,
  options: ImportNetworksOptions,
): Promise<{ readonly instance: Instance; readonly said?: string }> {
  const { architecture } = options;
  if (network.instance !== undefined && architecture !== undefined) return { instance: await network.instance(architecture) };
  return networkOf(await network.tensors(), options);
}

const entryOf = ({ name, epochs, seed, metrics }: FoundNetwork, instance: InstanceEntry['instance']): InstanceEntry => ({
  ...{ name, instance, epochs, seed, metrics },
});
