import { disposeInstances } from '@netspace/prep';
import { readSafetensors } from '@netspace/formats';
import { describeOnRuntimes } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { openInstanceStore } from './instance-store.js';
import { memoryFiles, type StoreFiles } from './files/store-files.js';
import { entry, values } from './testing/entries.js';

describeOnRuntimes('openInstanceStore', () => {
  it('gives back what was added, to the bit', async () => {
    const store = openInstanceStore(memoryFiles());
    const added = entry('one', 7, 'lenet-like-1x13x13-3-w0.2');
    const record = await store.add(added);
    const loaded = await store.load('one');
    expect(loaded.record).toEqual(record);
    expect(loaded.architecture.name).toBe('lenet-like-1x13x13-3-w0.2');
    expect(values(loaded.parameters)).toEqual(values(added.instance.parameters));
    expect(record).toMatchObject({
      name: 'one',
      architecture: 'lenet-like-1x13x13-3-w0.2',
      classId: 0,
      epochs: 2,
      seed: 7,
      metrics: { mse: 0.5 },
    });
  });
  it('leaks no tensor', async () => {
    const store = openInstanceStore(memoryFiles());
    const added = entry('one');
    const before = tf.memory().numTensors;
    await store.add(added);
    await store.verify();
    disposeInstances([await store.load('one')]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('openInstanceStore', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('starts empty', async () => {
    expect(await openInstanceStore(memoryFiles()).list()).toEqual([]);
  });
  it('numbers classes by parameter count, whatever the order of adding', async () => {
    const store = openInstanceStore(memoryFiles());
    await store.add(entry('big', 0, 'siren-3-16x1-1'));
    await store.add(entry('small', 0, 'siren-3-4x1-1'));
    await store.add(entry('big2', 1, 'siren-3-16x1-1'));
    expect((await store.list()).map(({ name, classId }) => [name, classId])).toEqual([
      ['big', 1],
      ['small', 0],
      ['big2', 1],
    ]);
    expect((await store.add({ ...entry('given'), classId: 5 })).classId).toBe(5);
  });
  it('takes adders one at a time, also through two handles, and lets readers read', async () => {
    const files = memoryFiles();
    const stores = [openInstanceStore(files), openInstanceStore(files)];
    const reading = Promise.all(Array.from({ length: 20 }, () => stores[0]!.list()));
    await Promise.all(Array.from({ length: 8 }, (_, i) => stores[i % 2]!.add(entry(`net-${i}`, i))));
    expect((await stores[1]!.list()).map(({ name }) => name)).toEqual(Array.from({ length: 8 }, (_, i) => `net-${i}`));
    expect(await stores[0]!.verify()).toEqual([]);
    for (const records of await reading) expect(records.length).toBeLessThanOrEqual(8);
  });
  it('goes on after an adder failed', async () => {
    const store = openInstanceStore(memoryFiles());
    const results = await Promise.allSettled([store.add(entry('a')), store.add(entry('a', 1)), store.add(entry('b'))]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
  it('adds several, all or none', async () => {
    for (const layout of ['shards', 'files'] as const) {
      const store = openInstanceStore(memoryFiles(), { layout });
      const records = await store.addAll([entry('a'), entry('b', 1)]);
      expect(await store.list()).toEqual(records);
      for (const taken of [
        [entry('c', 2), entry('a')],
        [entry('c', 2), entry('c', 2)],
      ])
        await expect(store.addAll(taken)).rejects.toThrow(/expected a new name, got [ac], which is in the store; choose another/);
      expect([await store.has('a'), await store.has('c')]).toEqual([true, false]);
      expect(await store.addAll([])).toEqual([]);
    }
  });
  it("holds the files' lock while it writes", async () => {
    const held: string[] = [];
    let locked = false;
    const inner = memoryFiles();
    const files: StoreFiles = {
      read: (path) => inner.read(path),
      write: (path, bytes) => (held.push(`${path.split('-')[0]} ${locked ? 'locked' : 'unlocked'}`), inner.write(path, bytes)),
      async exclusive(task) {
        locked = true;
        try {
          return await task();
        } finally {
          locked = false;
        }
      },
    };
    await openInstanceStore(files, { layout: 'files' }).add(entry('net'));
    expect(held).toEqual(['manifest.json locked', 'instances/net locked', 'manifest.json locked']); // the first says that there is a store
  });
  it('writes the file before the manifest, so that an interruption leaves the store as it was', async () => {
    const inner = memoryFiles();
    const files: StoreFiles = {
      read: (path) => inner.read(path),
      write: (path, bytes) => (path === 'manifest.json' ? Promise.reject(new Error('power cut')) : inner.write(path, bytes)),
    };
    await expect(openInstanceStore(files, { layout: 'files' }).add(entry('net'))).rejects.toThrow('power cut');
    const store = openInstanceStore(inner, { layout: 'files' });
    expect(await store.list()).toEqual([]);
    await store.add(entry('net'));
    expect(await store.verify()).toEqual([]);
  });
  it('halves its files in float16, within 11 bits', async () => {
    const files = memoryFiles();
    const store = openInstanceStore(files, { dtype: 'float16' });
    const added = entry('net');
    const { file } = await store.add(added);
    expect(readSafetensors(await files.read(file)).tensors.get('mlp.0.weight')).toMatchObject({ dtype: 'F16', shape: [8, 3] });
    const [got, expected] = [values((await store.load('net')).parameters).flat(), values(added.instance.parameters).flat()];
    got.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(2 ** -11 * Math.abs(expected[i]!) + 2 ** -25));
  });
});
