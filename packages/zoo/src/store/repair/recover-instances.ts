import { readSafetensors } from '@netspace/formats';
import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { abortSignal, functionOf, type GivenBy, nextTask, objectOf, optional, parseOptions } from '@netspace/prep/internal';

import { checkedBytes, openCatalog } from '../catalog.js';
import type { StoreProblem } from '../instance-store.js';
import type { Draft } from '../log/append.js';
import { draftOfKept } from '../log/stored-draft.js';
import { checkFiles, type StoreFiles } from '../files/store-files.js';
import { type SurvivingRecord, survivingRecords } from './surviving-records.js';
import { heldFiles } from './unlisted.js';

/** Networks that are moved at once. */
const BATCH = 64;

/** See {@link RecoverInstancesOptions}. */
export const recoverInstancesOptions = objectOf({
  /** Stops the copying; what was copied stays. */
  signal: optional(abortSignal),
  /** Called after some networks, with how many are there. */
  onCopy: optional(functionOf<(done: number) => void>()),
});

/** Options of {@link recoverInstances}. */
export interface RecoverInstancesOptions extends GivenBy<typeof recoverInstancesOptions> {}

/** What was found in a damaged store. */
export interface RecoveredInstances {
  /** Names of the networks that are in the other store now. */
  readonly names: readonly string[];
  /** What is not, by the network or by the file, and why. */
  readonly lost: readonly StoreProblem[];
  /** Files of the index whose hash nothing knows any more: epochs, seeds and metrics are as they say. */
  readonly unchecked: readonly string[];
}

/**
 * Copies what is whole of a damaged store, such as half a copy, to a new one: each network whose record can be read and whose bytes have its
 * SHA-256. The damaged store is left as it is.
 *
 * @param from files of the damaged store; without their `list` only files whose names follow each other are found
 * @param to files of a store that is new
 * @throws NetSpaceError `INVALID_OPTION` if the other store has networks, or for options that are unknown or wrong; `NOT_FOUND` if there is
 *   nothing of a store; `ABORTED` when the signal stopped it
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { initialize, memoryFiles, openInstanceStore, recoverInstances, siren } from '@netspace/zoo';
 *
 * const architecture = siren({ hidden: 4 });
 * const instance = { architecture, parameters: initialize(architecture.parameters, { seed: 1, scheme: 'siren' }) };
 * const [damaged, whole] = [memoryFiles(), memoryFiles()]; // `directoryFiles(folder)` in Node
 * await openInstanceStore(damaged).add({ name: 'chair', instance, epochs: 1, seed: 1, metrics: {} });
 * await damaged.remove!('manifest.json');
 * console.log((await recoverInstances(damaged, whole)).names); // [ 'chair' ]
 * ```
 */
export async function recoverInstances(
  from: StoreFiles,
  to: StoreFiles,
  options: RecoverInstancesOptions = {},
): Promise<RecoveredInstances> {
  const { signal, onCopy } = parseOptions('recoverInstances', recoverInstancesOptions, options);
  checkFiles(from);
  checkFiles(to);
  const target = openCatalog(to, 'shards');
  if ((await target.list()).length > 0) {
    throw new NetSpaceError('INVALID_OPTION', 'recoverInstances: expected a new store to copy to, got one with networks; name another');
  }
  const { records, damaged, unchecked } = await survivingRecords(from);
  const lost: StoreProblem[] = [...damaged];
  const names: string[] = [];
  const taken = new Map<string, string>(); // hashes by name
  let batch: Draft[] = [];
  const flush = async (): Promise<void> => {
    await target.add(batch);
    names.push(...batch.map(({ record }) => record.name));
    batch = [];
    onCopy?.(names.length);
  };
  for (const { record, isPromised } of records) {
    await nextTask(); // lets the signal in
    if (signal?.aborted) throw new NetSpaceError('ABORTED', `recoverInstances: stopped by its signal after ${names.length} networks`);
    const { name, sha256 } = record;
    const other = taken.get(name);
    if (other === sha256) continue;
    try {
      const bytes = await checkedBytes(from, record);
      refuseOther(record, bytes);
      const draft = draftOfKept(record, bytes);
      if (other !== undefined) throw new NetSpaceError('CORRUPT_FILE', `recoverInstances: expected each name once, got other weights of ${name}, too`); // prettier-ignore
      taken.set(name, sha256);
      batch.push(draft);
    } catch (error) {
      if (!isNetSpaceError(error) || error.code === 'UNAVAILABLE') throw error;
      if (isPromised) lost.push({ name, problem: error.message });
    }
    if (batch.length >= BATCH) await flush();
  }
  if (batch.length > 0) await flush();
  const named = new Set(records.map(({ record }) => record.file));
  const unnamed = (await heldFiles(from, ['shards', 'instances'])).filter((file) => !named.has(file));
  return {
    names,
    lost: [...lost, ...unnamed.map((file) => ({ name: file, problem: unnamedProblem(file) }))],
    unchecked,
  };
}

/** A record is trusted as far as its network's file says the same: a damaged one may still be a record. */
function refuseOther({ name, architecture, parameterCount }: SurvivingRecord['record'], bytes: Uint8Array): void {
  const { tensors, metadata } = readSafetensors(bytes);
  const count = [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0);
  const said = [
    ['name', name, metadata['name'] ?? name],
    ['architecture', architecture, metadata['architecture'] ?? architecture],
    ['parameterCount', parameterCount, count],
  ] as const;
  const wrong = said.find(([, record, file]) => record !== file);
  if (wrong === undefined) return;
  throw new NetSpaceError('CORRUPT_FILE', `recoverInstances: expected ${wrong[0]} ${wrong[2]} in the record of ${name}, as its file says, got ${wrong[1]}`); // prettier-ignore
}

const unnamedProblem = (file: string): string =>
  file.startsWith('instances/')
    ? 'recoverInstances: expected a record of this file, got none; netspace zoo import takes its weights'
    : 'recoverInstances: expected records of what is in this file, got none; copy the index again';
