import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { ITEM_SIZE, readNpyHeader } from '@netspace/formats/internal';

import { rayTune } from '../../../packages/node/src/zoos/layouts/ray-tune.js';
import { readZoo } from '../../../packages/node/src/zoos/read-zoo.js';
import { csvRows } from '../../../packages/node/src/zoos/tables/csv-rows.js';
import { readMeasures } from '../../../packages/node/src/zoos/tables/measures.js';
import { checkTensors, Contradiction } from '../contradiction.js';
import { type FuzzReader, type Readers } from './fuzz-reader.js';

const zooFolder = new URL('../../../packages/node/fixtures/zoos/', import.meta.url);
const RUN = 'NN_tune_trainable_ab12c_00001_1_seed=2_2021-07-12_12-44-44';

/** Files of other people's zoos. */
export const foreignZooReaders: Readers = {
  npy: async () => ({
    seeds: [new Uint8Array(await readFile(new URL('small-cnn/weights.npy', zooFolder))).slice(0, 600)],
    read(bytes) {
      const { dtype, shape, dataStart, dataBytes } = readNpyHeader(bytes);
      if (dataBytes !== shape.reduce((product, side) => product * side, 1) * ITEM_SIZE[dtype])
        throw new Contradiction(`${dataBytes} bytes of [${shape}]`);
      if (dataStart > bytes.length) throw new Contradiction(`${dataStart} bytes of header in ${bytes.length}`);
    },
  }),
  csv: () =>
    zooReader(['files/metrics.csv', 'small-cnn/metrics.csv.gz'], 'metrics.csv', async (path) => {
      let columns: string | undefined;
      for await (const row of csvRows(path)) {
        const names = Object.keys(row).join('\n');
        if (names !== (columns ??= names)) throw new Contradiction(`a row of ${names}, others of ${columns}`);
      }
    }),
  jsonl: () => zooReader(['files/metrics.jsonl'], 'metrics.jsonl', (path) => readMeasures(path)),
  'ray-tune': () => {
    const run = 'ray/NN_tune_trainable_ab12c_00001_1_seed=2_2021-07-12_12-44-44';
    return zooReader([`${run}/result.json`], `${RUN}/result.json`, async (path) => {
      const { networks } = await rayTune({ folder: dirname(dirname(path)), checkpoints: 'all' });
      for await (const { metrics } of networks) checkMetrics(metrics);
    });
  },
  hdf5: () =>
    zooReader(['inr2vec/train/0.h5'], 'net.h5', async (path) => {
      for await (const network of (await readZoo({ folder: dirname(path) }, 'inr2vec')).networks) {
        checkMetrics(network.metrics);
        checkTensors(await network.tensors());
      }
    }),
};

/** A reader of one file of somebody else's zoo, which is put where it belongs. */
async function zooReader(seeds: readonly string[], name: string, read: (path: string) => Promise<unknown>): Promise<FuzzReader> {
  const folder = await mkdtemp(join(tmpdir(), 'netspace-fuzz-'));
  const path = join(folder, name);
  if (name.startsWith(RUN)) await cp(new URL(`ray/${RUN}`, zooFolder), dirname(path), { recursive: true });
  return {
    seeds: await Promise.all(seeds.map(async (seed) => new Uint8Array(await readFile(new URL(seed, zooFolder))))),
    async read(bytes) {
      await writeFile(path, bytes);
      await read(path);
    },
    dispose: () => rm(folder, { recursive: true }),
  };
}

function checkMetrics(metrics: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(metrics)) if (!Number.isFinite(value)) throw new Contradiction(`${name} is ${value}`);
}
