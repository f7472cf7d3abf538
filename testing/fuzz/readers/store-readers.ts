import { memoryFiles, openInstanceStore, recoverInstances } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import { Contradiction } from '../contradiction.js';
import { type FuzzReader, type Readers } from './fuzz-reader.js';
import { instanceOf } from './small-network.js';

/** The index of an instance store. */
export const storeReaders: Readers = {
  manifest: () => storeReader('manifest.json', 'files'),
  head: () => storeReader('manifest.json', 'shards'),
  index: () => storeReader('index/000000.jsonl', 'shards'),
  recover: async () => {
    const reader = await storeReader('index/000000.jsonl', 'shards');
    return {
      ...reader,
      async read(bytes) {
        const [damaged, fresh] = [memoryFiles(), memoryFiles()];
        await damaged.write('index/000000.jsonl', bytes);
        await damaged.write('shards/000000.bin', reader.shard);
        const { names } = await recoverInstances(damaged, fresh);
        const problems = await openInstanceStore(fresh).verify();
        if (problems.length > 0 || names.length > 2) throw new Contradiction(`${names.length} networks, ${problems[0]?.problem}`);
      },
    };
  },
};

/** A reader of one file of a zoo of two networks. */
async function storeReader(file: string, layout: 'shards' | 'files'): Promise<FuzzReader & { readonly shard: Uint8Array }> {
  const files = memoryFiles();
  const store = openInstanceStore(files, { layout });
  for (const seed of [1, 2])
    await store.add({ name: `net-${seed}`, instance: instanceOf(seed), epochs: 1, seed, metrics: { accuracy: 0.5 } });
  return {
    seeds: [await files.read(file)],
    shard: layout === 'shards' ? await files.read('shards/000000.bin') : new Uint8Array(),
    async read(bytes) {
      await files.write(file, bytes);
      const reopened = openInstanceStore(files);
      for (const { name } of await reopened.list()) tf.dispose([...(await reopened.load(name)).parameters]);
      await reopened.verify();
    },
  };
}
