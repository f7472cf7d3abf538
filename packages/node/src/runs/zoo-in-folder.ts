import { access, constants } from 'node:fs/promises';

import { abortSignal, functionOf, type GivenBy, objectOf, optional, parseOptions, seed, type UsedBy } from '@netspace/prep/internal';
import type { MetricsRecord, ZooAddition } from '@netspace/train';
import type { InstanceRecord, InstanceStore } from '@netspace/zoo';

import { openZooFolder } from '../architectures/open-zoo-folder.js';
import { withLockAt } from '../files/files-at.js';
import { isS3Address } from '../files/s3/s3-place.js';
import { zooMetrics } from '../metrics/zoo-metrics.js';
import { command, config, runtime } from './option-kinds.js';
import { finishAfter, readRunRecord, startRunRecord, type FinishRun } from './run-record.js';

/** See {@link ZooInFolderOptions}. */
export const zooInFolderOptions = objectOf({
  command,
  config,
  seed,
  runtime,
  /** Trains the missing networks into the store: `buildZoo` or `buildShapeZoo`. */
  build: functionOf<(store: InstanceStore) => AsyncIterable<ZooAddition>>(),
  /** Further content of the record at the end, besides the number of instances. */
  notes: optional(functionOf<() => object>()),
  /**
   * Called if another build runs in the folder, with its machine and process. This build then waits until the other ends, and adds the
   * networks that are still missing.
   * @default another build is refused
   */
  onWait: optional(functionOf<(owner: string) => void>()),
  /** Stops that wait. `build` has to listen to the signal by itself. */
  signal: optional(abortSignal),
  /** Called after each instance. */
  onAddition: optional(functionOf<(addition: ZooAddition) => void>()),
});

/** Options of {@link zooInFolder}. */
export interface ZooInFolderOptions extends GivenBy<typeof zooInFolderOptions> {}

export interface ZooInFolder {
  readonly store: InstanceStore;
  /** Instances that were not there before. */
  readonly added: number;
}

/**
 * Builds a zoo, or its missing networks, and leaves everything in one folder: the instances, `run.json` (config, seed, versions, state) and
 * `metrics.jsonl`. `netspace zoo build` does this. A folder that is already complete does not change.
 *
 * @param folder or a part of a bucket, such as `s3://bucket/zoo`, see `s3Files`
 * @throws NetSpaceError as `build`; when a signal stops it, the record says `stopped`, and the next call goes on from there; after every
 * other error it says `failed`; `INVALID_OPTION` for options that are unknown, missing or wrong; `UNAVAILABLE` while another build runs in
 * the folder, unless `onWait` is given
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { buildZoo, selectRuntime, zooInFolder } from '@netspace/node';
 * import { parseCifar10 } from '@netspace/zoo';
 *
 * const runtime = await selectRuntime({ prefer: 'cpu' });
 * const images = parseCifar10(new Uint8Array(8 * 3073)); // eight black airplanes
 * const group = { architecture: 'lenet-like-3x32x32-10-w0.1', lengths: [1, 2], unit: 'steps', batchSize: 4 } as const;
 * const recipe = { groups: [group] };
 * const { added } = await zooInFolder(await mkdtemp(join(tmpdir(), 'zoo-')), {
 *   ...{ command: 'example', config: recipe, seed: 0, runtime },
 *   build: (store) => buildZoo(recipe, { store, train: images, test: images }),
 * });
 * console.log(added); // 2
 * ```
 */
export async function zooInFolder(folder: string, options: ZooInFolderOptions): Promise<ZooInFolder> {
  const used = parseOptions('zooInFolder', zooInFolderOptions, options);
  if (!isS3Address(folder) && (await isDone(folder, used.config)) && !(await isWritable(folder))) return buildIn(folder, used); // nobody builds there
  const busy = (owner: string) =>
    `zooInFolder: expected no other build in ${folder}, got one of process ${owner}; wait until it ends, or name another folder`;
  // Another lock than that of adding: a build holds it as long as it runs.
  const { onWait, signal } = used;
  const timeoutMs = onWait === undefined ? 500 : Infinity;
  return withLockAt(folder, () => buildIn(folder, used), { name: '.build.lock', timeoutMs, busy, onWait, signal });
}

async function buildIn(folder: string, used: UsedBy<typeof zooInFolderOptions>): Promise<ZooInFolder> {
  const { command, config, seed, runtime, build, notes, onAddition } = used;
  const store = await openZooFolder(folder);
  const metrics = zooMetrics(folder);
  let added = 0;
  const start = async (present: readonly InstanceRecord[]): Promise<FinishRun> => {
    const finish = await startRunRecord(folder, { command, config, seed, runtime });
    await metrics.start(present.map(metricsOf)); // an earlier run may have been killed between an instance and its line
    return finish;
  };
  const present = await store.list();
  let finish = (await isDone(folder, config)) ? undefined : await start(present);
  try {
    for await (const addition of build(store)) {
      finish ??= await start(present);
      await metrics.write(metricsOf(addition.record, present.length + added++));
      onAddition?.(addition);
    }
    if (finish !== undefined) await metrics.end();
    await finish?.('done', { added, ...notes?.() });
  } catch (error) {
    await metrics.end().catch(() => undefined); // the present error is the one to report
    await finishAfter(finish, error, { added, ...notes?.() });
    throw error;
  }
  return { store, added };
}

const isWritable = (folder: string): Promise<boolean> =>
  access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );

/** The line of the instance at a place in the store. */
const metricsOf = ({ name, metrics }: InstanceRecord, place: number): MetricsRecord => ({ step: place + 1, name, ...metrics });

async function isDone(folder: string, config: unknown): Promise<boolean> {
  const record = await readRunRecord(folder);
  return record?.state === 'done' && JSON.stringify(record.config) === JSON.stringify(config);
}
