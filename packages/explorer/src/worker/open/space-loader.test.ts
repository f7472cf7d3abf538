import '@tensorflow/tfjs';
import { NetSpace } from '@netspace/model';
import { architectureFromOnnx, instanceFromOnnx } from '@netspace/onnx';
import { graphFileOf } from '@netspace/onnx/internal';
import { type Architecture, disposeInstances, NetSpaceError } from '@netspace/prep';
import { memoryFiles, openInstanceStore } from '@netspace/zoo';
import { architectureFromModelJson, modelFileOf } from '@netspace/zoo/internal';
import { fixtureBytes } from '@netspace/testing/onnx-fixtures';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';

import type { FolderFiles } from '../files/folder-files.js';
import { isRunnable } from '../places/is-runnable.js';
import { openZoo } from './open-zoo.js';
import { spaceLoader } from './space-loader.js';

const bytes = fixtureBytes('resnet8.preserve.onnx');
const architecture = architectureFromOnnx(bytes);
const written = new Map<string, Uint8Array>();

const folder: FolderFiles = {
  read(path) {
    const found = written.get(path);
    return found === undefined ? Promise.reject(new NetSpaceError('NOT_FOUND', path)) : Promise.resolve(Uint8Array.from(found));
  },
};

/** Writes a space of an architecture. */
async function save(path: string, of: Architecture): Promise<void> {
  const space = new NetSpace({ architectures: [of], prepShape: [8, 512], preset: 'tiny' });
  await space.save(
    tf.io.withSaveHandler((artifacts) => {
      const { weightData, weightSpecs, ...rest } = artifacts;
      const json = { ...rest, weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }] };
      written.set(`${path}/space.json`, new TextEncoder().encode(JSON.stringify(json)));
      written.set(`${path}/weights.bin`, new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)));
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } });
    }),
  );
  space.dispose();
}

describe('spaceLoader', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
    await save('space', architecture);
  });

  it('knows the parameters alone of an architecture whose graph is not there', async () => {
    const space = (await spaceLoader(folder, 'space/space.json', {}))();
    const [found] = (await space).architectures;
    expect(isRunnable(found!)).toBe(false);
    (await space).dispose();
  });

  it('runs an architecture whose graph lies beside the space, and opens its networks', async () => {
    written.set(`space/architectures/${architecture.name}.onnx`, graphFileOf(architecture)!.bytes);
    const space = await (await spaceLoader(folder, 'space/space.json', {}))();
    const [found] = space.architectures;
    expect(isRunnable(found!)).toBe(true);
    const instance = instanceFromOnnx(architecture, bytes);
    const files = memoryFiles();
    await openInstanceStore(files, { layout: 'files' }).add({ name: 'a', instance, epochs: 0, seed: 0, metrics: {} });
    const store = openZoo({ read: async (path) => Uint8Array.from(await files.read(path)) }, 'manifest.json', () => space.architectures);
    const { record: _, ...loaded } = await store.load('a');
    const x = tf.randomNormal([2, ...found!.inputs![0]!.shape.slice(1).map(Number)], 0, 1, 'float32', 3);
    const [y, own] = [loaded, instance].map((one) => one.architecture.apply(one.parameters, x).dataSync());
    expect(y).toEqual(own);
    disposeInstances([loaded, instance]);
    space.dispose();
  });

  it('refuses a graph that is not that of its name', async () => {
    const other = graphFileOf(architectureFromOnnx(fixtureBytes('mlp.old.onnx')))!;
    written.set(`space/architectures/${architecture.name}.onnx`, other.bytes);
    await expect(spaceLoader(folder, 'space/space.json', {})).rejects.toThrow(/expected the graph of onnx-.* got that of onnx-/);
  });

  it('runs an architecture of a model.json that lies beside the space, and refuses one of another name', async () => {
    const of = async (units: number): Promise<Architecture> => {
      const model = tfl.sequential({ layers: [tfl.layers.dense({ units, inputShape: [4], activation: 'softmax', name: 'fc' })] });
      const json = JSON.stringify({ modelTopology: model.toJSON(undefined, false) });
      return architectureFromModelJson(new TextEncoder().encode(json), { purpose: 'classifier' }, tfl);
    };
    const own = await of(3);
    await save('keras', own);
    const place = `keras/architectures/${own.name}.json`;
    const runnable = async () => {
      const space = await (await spaceLoader(folder, 'keras/space.json', {}))();
      space.dispose();
      return space.architectures[0]!;
    };
    expect(isRunnable(await runnable())).toBe(false);
    written.set(place, modelFileOf(own)!.bytes);
    const found = await runnable();
    expect(isRunnable(found)).toBe(true);
    const x = tf.ones([1, 4]);
    const parameters = [tf.tensor2d([1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0], [4, 3]), tf.zeros([3])];
    expect([...found.apply(parameters, x).dataSync()]).toEqual([1, 2, 3]);
    written.set(place, modelFileOf(await of(5))!.bytes);
    await expect(runnable()).rejects.toThrow(/expected the layers of layers-model-.* got those of layers-model-/);
  });
});
