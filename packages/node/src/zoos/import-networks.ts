import type { InstanceFromTensorsOptions } from '@netspace/formats';
import { type Architecture, disposeInstances, isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { nextTask } from '@netspace/prep/internal';
import type { InstanceEntry, InstanceStore } from '@netspace/zoo';

import type { FoundNetwork, FoundZoo } from './found-network.js';
import { networkOf, type SirenOptions } from './siren-of.js';

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
  /** Networks that the store had already, by their names. */
  readonly present: number;
  /** Assumptions that the import made. */
  readonly said: readonly string[];
  /** Networks that could not be read, and why. */
  readonly problems: readonly { readonly place: string; readonly problem: string }[];
}

/**
 * Adds the networks of somebody else's zoo to a store. Networks whose names the store has already are skipped, so the next call continues an
 * interrupted import. A network that cannot be read is left out and reported, unless it is the first: then the import fails.
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
      if (await store.has(network.name)) {
        present++;
        continue;
      }
      try {
        const { instance, said: line } = networkOf(await network.tensors(), options);
        if (line !== undefined) said.add(line);
        batch.push(entryOf(network, instance));
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

const entryOf = ({ name, epochs, seed, metrics }: FoundNetwork, instance: InstanceEntry['instance']): InstanceEntry => ({
  ...{ name, instance, epochs, seed, metrics },
});
