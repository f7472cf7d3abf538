import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { NetSpace, type PredictedInstance } from '@netspace/model';
import { directoryFiles, fileHandler, selectRuntime } from '@netspace/node';
import { architectureByName, openInstanceStore } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { root } from '../shared/root.js';

const folder = join(root, 'pretrained');
const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

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

  it('knows where the networks that it was trained on lie', async () => {
    const loaded = await NetSpace.load(fileHandler(space), { architectures: architectureByName });
    const known = JSON.parse(readFileSync(join(folder, name, 'embeddings.json'), 'utf8')) as Readonly<Record<string, readonly number[]>>;
    const heldOut = await openInstanceStore(directoryFiles(join(folder, name, 'zoo-heldout'))).list();
    for (const record of heldOut) expect(known).not.toHaveProperty(record.name);
    const all = Object.keys(known);
    expect(all.length).toBeGreaterThanOrEqual(20);
    for (const each of [all[0]!, all.at(-1)!]) {
      const [{ architecture, parameters }] = (await loaded.instantiate(tf.tensor2d([[...known[each]!]]))) as [PredictedInstance];
      if (name === 'classifiers') expect(each.startsWith(architecture.name)).toBe(true); // the class head is right
      for (const tensor of parameters) expect(tf.all(tf.isFinite(tensor)).dataSync()[0]).toBe(1);
    }
    tf.disposeVariables();
  });

  it('is small and says what it is', () => {
    const files = readdirSync(join(folder, name), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const bytes = files.reduce((sum, file) => sum + readFileSync(join(file.parentPath, file.name)).length, 0);
    expect(bytes).toBeLessThan(30e6);
    expect(existsSync(join(folder, name, 'card.md'))).toBe(true);
    const card = readFileSync(join(folder, name, 'card.md'), 'utf8');
    for (const heading of ['Use', 'Data', 'Recipe', 'Figures', 'Limits', 'Licence']) expect(card).toContain(`## ${heading}`);
  });
});
