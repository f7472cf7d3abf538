import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { rawToFloat32, readSafetensors } from '@netspace/formats';
import { NetSpace, type PredictedInstance } from '@netspace/model';
import { directoryFiles, fileHandler, selectRuntime } from '@netspace/node';
import { architectureByName, openInstanceStore } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { root } from '../shared/root.js';

const folder = join(root, 'pretrained');
const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

interface Manifest {
  readonly kind: string;
  readonly networks: readonly { readonly name: string; readonly architecture: string; readonly heldOut: boolean }[];
  readonly sample?: object;
}
const manifestOf = (name: string) => JSON.parse(readFileSync(join(folder, name, 'explorer.json'), 'utf8')) as Manifest;

beforeAll(() => selectRuntime({ prefer: 'wasm' }));

describe.each(names)('pretrained/%s', (name) => {
  const space = join(folder, name, 'space');

  it('loads from its folder and over http alike, and rebuilds every held-out network', async () => {
    const loaded = await NetSpace.load(fileHandler(space), { architectures: architectureByName });
    const server = createServer(({ url }, response) => void readFile(join(space, url!)).then((bytes) => response.end(bytes)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const fetched = await NetSpace.load(`http://127.0.0.1:${port}/space.json`, { architectures: architectureByName });
    server.close();

    const zoo = openInstanceStore(directoryFiles(join(folder, name, 'zoo-heldout')));
    expect(await zoo.verify()).toEqual([]);
    for (const { name: instance } of await zoo.list()) {
      const target = await zoo.load(instance);
      const [a, b] = (await Promise.all([loaded, fetched].map((each) => each.instantiate(each.encode([target]))))).flat();
      expect(a!.architecture.name).toBe(b!.architecture.name);
      // Compared by hand: of so many numbers the matcher takes a minute.
      for (const [i, tensor] of a!.parameters.entries()) {
        const other = b!.parameters[i]!.dataSync();
        expect(tensor.dataSync().every((value, k) => value === other[k])).toBe(true);
      }
    }
    tf.disposeVariables();
  });

  it('has a manifest that fits the files, and embeddings that decode to what it says', async () => {
    const loaded = await NetSpace.load(fileHandler(space), { architectures: architectureByName });
    const { networks, kind, sample } = manifestOf(name);
    const { tensors, metadata } = readSafetensors(readFileSync(join(folder, name, 'embeddings.safetensors')));
    const embeddings = tf.tensor2d(rawToFloat32(tensors.get('embeddings')!), [networks.length, loaded.config.embeddingSize]);
    expect(JSON.parse(metadata['names']!)).toEqual(networks.map((network) => network.name));
    const heldOut = await openInstanceStore(directoryFiles(join(folder, name, 'zoo-heldout'))).list();
    expect(networks.flatMap((network) => (network.heldOut ? [network.name] : []))).toEqual(heldOut.map((record) => record.name));
    expect(networks.length - heldOut.length).toBeGreaterThanOrEqual(20);
    expect(sample !== undefined).toBe(name === 'digits'); // CIFAR-10's images are not this project's to pass on
    for (const place of [0, networks.length - 1]) {
      const [{ architecture, parameters }] = (await loaded.instantiate(tf.slice(embeddings, place, 1))) as [PredictedInstance];
      if (kind === 'classifier') expect(architecture.name).toBe(networks[place]!.architecture); // the class head is right
      for (const tensor of parameters) expect(tf.all(tf.isFinite(tensor)).dataSync()[0]).toBe(1);
    }
    tf.disposeVariables();
  });

  it('is small and says what it is', () => {
    const files = readdirSync(join(folder, name), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const bytes = files.reduce((sum, file) => sum + readFileSync(join(file.parentPath, file.name)).length, 0);
    expect(bytes).toBeLessThan(5e6);
    expect(existsSync(join(folder, name, 'card.md'))).toBe(true);
    const card = readFileSync(join(folder, name, 'card.md'), 'utf8');
    for (const heading of ['Use', 'Data', 'Recipe', 'Figures', 'Limits', 'License']) expect(card).toContain(`## ${heading}`);
  });
});
