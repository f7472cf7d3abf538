import { join } from 'node:path';

import type { ZooAddition } from '@netspace/train';
import { openInstanceStore, type InstanceStore } from '@netspace/zoo';

import { directoryFiles } from '../files/directory-files.js';
import { metricsFile } from '../metrics/metrics-file.js';
import type { SelectedRuntime } from '../runtime/select-runtime.js';
import { finishAfter, readRunRecord, startRunRecord, type FinishRun, type RunRecord } from './run-record.js';

export interface ZooInFolderOptions extends Pick<RunRecord, 'command' | 'config' | 'seed'> {
  readonly runtime: SelectedRuntime;
  /** Trains into the store what is missing: `buildZoo` or `buildShapeZoo`. */
  readonly build: (store: InstanceStore) => AsyncIterable<ZooAddition>;
  /** What the record says at the end, in addition to the number of instances. */
  readonly notes?: () => object;
  /** Called after each instance. */
  readonly onAddition?: (addition: ZooAddition) => void;
}

export interface ZooInFolder {
  readonly store: InstanceStore;
  /** Instances that were not there before. */
  readonly added: number;
}

/**
 * Builds a zoo, or what is missing of it, and leaves everything in one folder: the instances, `run.json` (config, seed, versions, state) and
 * `metrics.jsonl`. What `netspace zoo build` does. A folder that has all of it already stays as it is.
 *
 * @throws NetSpaceError as `build`; when a signal stops it, the record says `stopped`, and the next call goes on from there; after every other
 *   error it says `failed`
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
  const { command, config, seed, runtime, build, notes, onAddition } = options;
  const store = openInstanceStore(directoryFiles(folder));
  const metrics = metricsFile(join(folder, 'metrics.jsonl'));
  let added = 0;
  const startAfter = async (instances: number): Promise<FinishRun> => {
    const finish = await startRunRecord(folder, { command, config, seed, runtime });
    await metrics.startAfter(instances);
    return finish;
  };
  let finish = (await isDone(folder, config)) ? undefined : await startAfter((await store.list()).length);
  try {
    for await (const addition of build(store)) {
      finish ??= await startAfter(addition.done - 1);
      added++;
      await metrics.write({ step: addition.done, name: addition.record.name, ...addition.record.metrics });
      onAddition?.(addition);
    }
    await finish?.('done', { added, ...notes?.() });
  } catch (error) {
    await finishAfter(finish, error, { added, ...notes?.() });
    throw error;
  }
  return { store, added };
}

async function isDone(folder: string, config: unknown): Promise<boolean> {
  const record = await readRunRecord(folder);
  return record?.state === 'done' && JSON.stringify(record.config) === JSON.stringify(config);
}
