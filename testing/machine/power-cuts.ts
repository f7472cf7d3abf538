import { hostname } from 'node:os';

import { NetSpace } from '@netspace/model';
import { checkpointFile, directoryFiles, fileHandler, metricsFile } from '@netspace/node';
import { isNetSpaceError } from '@netspace/prep';
import { trainNetSpace } from '@netspace/train';
import { randomAt } from '@netspace/train/internal';
import { initialize, openInstanceStore, siren, upgradeStore } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import { readCheckpoint } from '../../packages/train/src/checkpoint/checkpoint.js';
import { sha256 } from '../../packages/zoo/src/store/files/sha256.js';
import type { FileSystem } from '../../packages/node/src/files/file-system.js';
import { lockOwner } from '../../packages/node/src/files/lock-owner.js';
import type { TrialOptions, Trials } from './trial.js';
import { PowerCut, unsyncedDisk, type UnsyncedDisk } from './unsynced-disk.js';

/** Work that is cut off and done again on what is left. */
interface Work {
  readonly name: string;
  /** Does what is not done yet; tells `keep` how many things are promised to be there from now on. */
  run(fileSystem: FileSystem, keep: (count: number) => void): Promise<void>;
  /** How many whole things are there; throws if something is there that is not whole. */
  found(fileSystem: FileSystem): Promise<number>;
  /** All that is left when the work is done: the same however often it was cut off. */
  result(fileSystem: FileSystem): Promise<string>;
}

/** Cuts the power at moments spread over all operations, up to three times in a row, and checks what is left each time. */
export const powerCuts =
  (work: Work) =>
  async ({ tries, seed }: TrialOptions): Promise<Trials> => {
    const undisturbed = unsyncedDisk();
    await work.run(undisturbed, () => undefined);
    const expected = await work.result(undisturbed);
    const operations = undisturbed.operations();
    const lost: string[] = [];
    for (let i = 0; i < tries; i++) {
      const random = randomAt(seed, work.name, i);
      try {
        let disk = unsyncedDisk();
        let kept = 0;
        const share = Math.ceil(operations / tries);
        let next = Math.floor((i * operations) / tries) + 1 + random.below(share);
        for (let cuts = 1 + random.below(3); cuts > 0; cuts--) {
          disk.failAfter(next);
          await untilPowerFails(() => work.run(disk, (count) => (kept = count)));
          disk = await restarted(disk.afterPowerCut(random));
          const found = await work.found(disk);
          if (found < kept) lost.push(`${work.name}, try ${i}: ${found} of ${kept} things left`);
          next = 1 + random.below(operations);
        }
        await work.run(disk, () => undefined);
        if ((await work.result(disk)) !== expected) lost.push(`${work.name}, try ${i}: another result`);
      } catch (error) {
        lost.push(`${work.name}, try ${i}: ${String(error)}`);
      }
    }
    return { tried: tries, lost };
  };

async function untilPowerFails(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
  }
}

/** Locks of this very process, which would have ended with the power, name a process that is gone. */
async function restarted(disk: UnsyncedDisk, folder = '/'): Promise<UnsyncedDisk> {
  for (const name of await disk.readdir(folder)) {
    const path = `${folder}${name}`;
    if ((await disk.stat(path)).isDirectory()) await restarted(disk, `${path}/`);
    else if (name === '.lock' && new TextDecoder().decode(await disk.readFile(path, READING)) === (await lockOwner())) {
      await disk.rm(path, { force: true });
      const lock = await disk.open(path, 'wx');
      await lock.writeFile(`${hostname()} 4194303 1`); // above Linux's highest process number
      await lock.sync();
    }
  }
  return disk;
}

const READING = { caller: 'powerCuts', limit: 2 ** 20 };
const text = async (fileSystem: FileSystem, path: string): Promise<string> =>
  new TextDecoder().decode(await fileSystem.readFile(path, READING));

const committed = async (fileSystem: FileSystem, path: string): Promise<string> => sha256(await fileSystem.readFile(path, READING));

const architecture = siren({ hidden: 2, layers: 0 });
const instanceOf = (seed: number) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) });

/** Networks that are added to a zoo, one after the other. */
export const storeWork: Work = {
  name: 'store',
  async run(fileSystem, keep) {
    const store = openInstanceStore(directoryFiles('/some/new/zoo', { fileSystem }));
    const there = new Set((await store.list()).map(({ name }) => name));
    for (let seed = 0; seed < 4; seed++) {
      const [name, instance] = [`net-${seed}`, instanceOf(seed)];
      if (!there.has(name)) await store.add({ name, instance, epochs: 1, seed, metrics: { accuracy: seed / 4 } });
      tf.dispose([...instance.parameters]);
      keep(seed + 1);
    }
  },
  async found(fileSystem) {
    const store = openInstanceStore(directoryFiles('/some/new/zoo', { fileSystem }));
    const problems = await store.verify();
    if (problems.length > 0) throw new Error(problems.map(({ name, problem }) => `${name}: ${problem}`).join('; '));
    return (await store.list()).length;
  },
  async result(fileSystem) {
    const files = ['manifest.json', 'index/000000.jsonl', 'shards/000000.bin'].map((file) =>
      committed(fileSystem, `/some/new/zoo/${file}`),
    );
    return (await Promise.all(files)).join(' ');
  },
};

/** The first network of a zoo: all cuts are near its beginning. */
export const firstAddWork: Work = {
  ...storeWork,
  name: 'first',
  async run(fileSystem, keep) {
    const store = openInstanceStore(directoryFiles('/some/new/zoo', { fileSystem }));
    if ((await store.list()).length > 0) return;
    const instance = instanceOf(0);
    await store.add({ name: 'net-0', instance, epochs: 1, seed: 0, metrics: {} });
    tf.dispose([...instance.parameters]);
    keep(1);
  },
};

/** A zoo of an earlier version, which is moved into shards. */
export const upgradeWork: Work = {
  ...storeWork,
  name: 'upgrade',
  async run(fileSystem, keep) {
    const files = directoryFiles('/some/new/zoo', { fileSystem });
    const store = openInstanceStore(files, { layout: 'files' });
    for (let seed = 0; seed < 3; seed++) {
      const [name, instance] = [`net-${seed}`, instanceOf(seed)];
      if (!(await store.has(name))) await store.add({ name, instance, epochs: 1, seed, metrics: { accuracy: seed / 4 } });
      tf.dispose([...instance.parameters]);
      keep(seed + 1);
    }
    await upgradeStore(files);
  },
};

const SIZES = { embeddingSize: 16, grid: 4, encoderWidth: 2, decoderChannels: 4, decoderWidth: 4, decoderHidden: 2 };
const TRAINING = { batch: { nets: 2 }, task: { kind: 'weights' }, steps: 6, readEvery: 1, seed: 5 } as const;

/** A training with a checkpoint every other step and a line of metrics each step. */
export const trainingWork: Work = {
  name: 'training',
  async run(fileSystem, keep) {
    const instances = [1, 2, 3].map(instanceOf);
    const space = new NetSpace({ architectures: [architecture], prepShape: [4, 8], ...SIZES, seed: 2 });
    const storage = checkpointFile('/runs/one/checkpoint.safetensors', { fileSystem });
    const metrics = metricsFile('/runs/one/metrics.jsonl', { fileSystem });
    try {
      for await (const { step } of trainNetSpace(space, {
        instances,
        ...TRAINING,
        metrics,
        checkpoint: { storage, every: 2, resume: true },
      })) {
        if (step % 2 === 0) keep(step);
      }
    } finally {
      space.dispose();
      tf.dispose(instances.map(({ parameters }) => [...parameters]));
    }
  },
  async found(fileSystem) {
    const checkpoint = await readCheckpoint(checkpointFile('/runs/one/checkpoint.safetensors', { fileSystem }));
    tf.dispose({ ...checkpoint?.tensors });
    return checkpoint?.step ?? 0;
  },
  async result(fileSystem) {
    const bytes = await fileSystem.readFile('/runs/one/checkpoint.safetensors', READING);
    return `${await sha256(bytes)} ${await text(fileSystem, '/runs/one/metrics.jsonl')}`;
  },
};

/** A model that is saved three times over. */
export const saveWork: Work = {
  name: 'save',
  async run(fileSystem, keep) {
    const handler = fileHandler('/models/km', { fileSystem });
    for (let version = 1 + (await this.found(fileSystem)); version <= 3; version++) {
      const weightData = Float32Array.of(version, version).buffer;
      await handler.save!({ modelTopology: { version }, weightSpecs: [{ name: 'w', shape: [2], dtype: 'float32' }], weightData });
      keep(version);
    }
  },
  async found(fileSystem) {
    try {
      const { modelTopology, weightData } = await fileHandler('/models/km', { fileSystem }).load!();
      const { version } = modelTopology as { readonly version: number };
      const weights = new Float32Array(tf.io.CompositeArrayBuffer.join(weightData));
      if (weights.some((weight) => weight !== version)) throw new Error(`version ${version} with weights ${weights}`);
      return version;
    } catch (error) {
      if (isNetSpaceError(error) && error.code === 'NOT_FOUND') return 0;
      throw error;
    }
  },
  result: (fileSystem) => text(fileSystem, '/models/km/model.json'),
};
