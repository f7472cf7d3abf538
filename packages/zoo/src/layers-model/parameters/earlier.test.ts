import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describeOnRuntimes, expectClose } from '@netspace/testing';
import type { Architecture } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterEach, describe, expect, it } from 'vitest';

import { openInstanceStore } from '../../store/instance-store.js';
import { memoryFiles, type StoreFiles } from '../../store/files/store-files.js';
import { architectureFromLayersModel, instanceFromLayersModel } from '../functional-call.js';

const { dense, layers } = { dense: tfl.layers.dense, layers: tfl.layers };
const chain = (...parts: tfl.layers.Layer[]) => tfl.sequential({ layers: parts });
const keras = (...[a, b, c]: readonly [string, string, string]) =>
  chain(dense({ inputShape: [3], units: 3, name: a }), dense({ units: 3, name: b }), dense({ units: 3, name: c }));

/** The models of fixtures/earlier/make.mjs. */
const MODELS: Readonly<Record<string, () => tfl.LayersModel>> = {
  automatic: () =>
    chain(
      layers.conv2d({ inputShape: [5, 4, 2], filters: 3, kernelSize: 2, useBias: false }),
      layers.batchNormalization(),
      layers.flatten(),
      dense({ units: 3 }),
      layers.batchNormalization(),
      dense({ units: 3, activation: 'softmax' }),
    ),
  keras: () => keras('dense_2', 'dense_1', 'dense'),
  wrapped: () =>
    chain(
      layers.timeDistributed({ inputShape: [4, 3], layer: dense({ units: 3 }) }),
      layers.bidirectional({ layer: layers.gru({ units: 2 }) as tfl.RNN, mergeMode: 'concat' }) as tfl.layers.Layer,
    ),
};

interface Stored {
  readonly files: Readonly<Record<string, string>>;
  readonly shape: number[];
  readonly input: number[];
  readonly predicted: number[];
}
const stores = JSON.parse(readFileSync(fileURLToPath(new URL('../fixtures/earlier/stores.json', import.meta.url)), 'utf8')) as Readonly<
  Record<string, Stored>
>;

async function filesOf({ files }: Stored): Promise<StoreFiles> {
  const memory = memoryFiles();
  for (const [path, bytes] of Object.entries(files)) await memory.write(path, Uint8Array.from(Buffer.from(bytes, 'base64')));
  return memory;
}

async function expectPrediction(name: string, architecture: Architecture, softmax: boolean): Promise<void> {
  const { shape, input, predicted, ...stored } = stores[name]!;
  const store = openInstanceStore(await filesOf({ shape, input, predicted, ...stored }), { resolve: () => architecture });
  for (const { name: net } of await store.list()) {
    const { parameters } = await store.load(net);
    const output = architecture.apply(parameters, tf.tensor(input, shape));
    expectClose((softmax ? tf.softmax(output) : output).dataSync(), predicted, 1e-5);
  }
}

describeOnRuntimes('a store of an earlier version', () => {
  afterEach(() => tf.disposeVariables());

  it.each(['automatic', 'keras', 'wrapped'])('of the %s model loads with its names and layout', async (name) => {
    const model = MODELS[name]!();
    const architecture = architectureFromLayersModel(model);
    const auto = Object.keys(stores[name]!.files).length; // manifest and two instances
    expect(auto).toBe(3);
    await expectPrediction(name, architecture, name === 'automatic');
    await expectPrediction(name, architectureFromLayersModel(model, { name: 'mine' }), name === 'automatic');
  });
  it('keeps the name of the architecture', async () => {
    for (const [name, make] of Object.entries(MODELS)) {
      const records = await openInstanceStore(await filesOf(stores[name]!)).list();
      expect(architectureFromLayersModel(make()).name).toBe(records[0]!.architecture);
    }
  });
  it('loads for a model that Keras numbered otherwise, in the order of the layers', async () => {
    await expectPrediction('keras', architectureFromLayersModel(keras('dense_7', 'dense_8', 'dense_9')), false);
    await expectPrediction('keras', architectureFromLayersModel(keras('dense', 'dense_1', 'dense_2')), false);
  });
});

describe('a store of an earlier version', () => {
  afterEach(() => tf.disposeVariables());

  it('takes new instances beside the old ones', async () => {
    const files = await filesOf(stores['automatic']!);
    const model = MODELS['automatic']!();
    const architecture = architectureFromLayersModel(model);
    const store = openInstanceStore(files, { resolve: () => architecture });
    const instance = await instanceFromLayersModel(model, architecture);
    await store.add({ name: 'new', instance, epochs: 0, seed: 0, metrics: {} });
    const loaded = await store.load('new');
    expect(loaded.parameters.map((tensor) => tensor.arraySync())).toEqual(instance.parameters.map((tensor) => tensor.arraySync()));
    expect(await store.verify()).toEqual([]);
  });
  it('is refused where that version had other parameters', async () => {
    const time = chain(
      layers.timeDistributed({ inputShape: [4, 3], layer: layers.batchNormalization() }),
      layers.flatten(),
      dense({ units: 1 }),
    );
    const store = openInstanceStore(await filesOf(stores['wrapped']!), { resolve: () => architectureFromLayersModel(time) });
    await expect(store.load('net-auto')).rejects.toThrow(
      /4 parameters of layers-model-\w+, got 8 as an earlier version kept them; add the model/,
    );
  });
});
