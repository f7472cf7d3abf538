import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writeSafetensors } from '@netspace/formats';
import { NetSpace } from '@netspace/model';
import { fileHandler } from '@netspace/node';
import { unresolvedArchitecture } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { readEmbeddings } from '../../../packages/node/src/cli/files/embedding-file.js';
import { readCheckpoint, writeCheckpoint } from '../../../packages/train/src/checkpoint/checkpoint.js';
import { memoryCheckpoint } from '../../../packages/train/src/checkpoint/memory.js';
import { Contradiction } from '../contradiction.js';
import { type Readers } from './fuzz-reader.js';

/** A saved space, the checkpoint of its training, and a file of its embeddings. */
export const spaceReaders: Readers = {
  space: async () => {
    const architectures = [unresolvedArchitecture('net', [{ name: 'w', shape: [2, 4] }])];
    const space = new NetSpace({ architectures, prepShape: [4, 16], preset: 'tiny', seed: 3 });
    const folder = await mkdtemp(join(tmpdir(), 'netspace-fuzz-'));
    await space.save(fileHandler(folder));
    return {
      seeds: [new Uint8Array(await readFile(join(folder, 'space.json')))],
      async read(bytes) {
        await writeFile(join(folder, 'space.json'), bytes);
        (await NetSpace.load(fileHandler(folder))).dispose();
      },
      dispose: () => rm(folder, { recursive: true }),
    };
  },
  checkpoint: async () => {
    const storage = memoryCheckpoint();
    await writeCheckpoint(storage, { step: 3, config: { seed: 1 }, versions: { netspace: '0' }, tensors: { 'space/w': tf.ones([2, 3]) } });
    return {
      seeds: [(await storage.read())!],
      async read(bytes) {
        await storage.write(bytes);
        tf.dispose({ ...(await readCheckpoint(storage))?.tensors });
      },
    };
  },
  embeddings: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'netspace-fuzz-'));
    const raw = { dtype: 'F32', shape: [2, 4], data: new Float32Array(8) } as const;
    return {
      seeds: [writeSafetensors(new Map([['embeddings', raw]]), { metadata: { names: '["a","b"]' } })],
      async read(bytes) {
        const path = join(folder, 'embeddings.safetensors');
        await writeFile(path, bytes);
        const { names, embeddings } = await readEmbeddings(path);
        embeddings.dispose();
        if (names.length !== embeddings.shape[0]) throw new Contradiction(`${names.length} names, ${embeddings.shape[0]} embeddings`);
      },
      dispose: () => rm(folder, { recursive: true }),
    };
  },
};
