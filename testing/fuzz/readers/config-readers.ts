import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { shapeRecipeOptions, zooRecipeOptions } from '@netspace/train/internal';

import { trainConfigOptions } from '../../../packages/node/src/cli/training/train-config.js';
import { readConfigFile } from '../../../packages/node/src/config/read-config-file.js';
import { encode, type FuzzReader, type Readers } from './fuzz-reader.js';

/** Recipes and configs. */
export const configReaders: Readers = {
  recipe: () =>
    configReader(zooRecipeOptions, {
      data: 'mnist',
      seed: 1,
      groups: [{ architecture: 'lenet-like-1x28x28-10', seeds: [0, 1], lengths: [1, 2], unit: 'steps' }],
    }),
  shapes: () => configReader(shapeRecipeOptions, { kind: 'shapes', architecture: 'siren-3-64x1-1', steps: 100, batchSize: 256 }),
  config: () =>
    configReader(trainConfigOptions, {
      ...{ zoo: 'my-zoo', data: 'mnist', space: { prepShape: [8, 512], preset: 'small' }, steps: 100 },
      ...{ batch: { nets: 4, inputs: 16 }, learningRate: 1e-3 },
    }),
};

async function configReader(schema: Parameters<typeof readConfigFile>[1], seed: unknown): Promise<FuzzReader> {
  const folder = await mkdtemp(join(tmpdir(), 'netspace-fuzz-'));
  return {
    seeds: [encode(seed)],
    async read(bytes) {
      const path = join(folder, 'config.json');
      await writeFile(path, bytes);
      return readConfigFile(path, schema, { example: { config: '{}', command: 'init' } });
    },
    dispose: () => rm(folder, { recursive: true }),
  };
}
