import '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { architectureByName } from '../../architectures/by-name.js';
import { initialize } from '../../initialize.js';
import { openInstanceStore } from '../instance-store.js';
import { memoryFiles, type StoreFiles } from '../files/store-files.js';
import { upgradeStore } from './upgrade-store.js';

const entry = (name: string, seed: number, kind = 'siren-3-4x1-1') => {
  const architecture = architectureByName(kind);
  return {
    name,
    instance: { architecture, parameters: initialize(architecture.parameters, { seed }) },
    epochs: 2,
    seed,
    metrics: { mse: seed },
  };
};

async function oldStore(small = 70): Promise<StoreFiles> {
  const files = memoryFiles();
  const store = openInstanceStore(files, { layout: 'files' });
  await store.add(entry('big', 1, 'siren-3-8x1-1'));
  for (let seed = 0; seed < small; seed++) await store.add(entry(`small-${seed}`, seed));
  return files;
}
const exists = (files: StoreFiles, path: string): Promise<boolean> => files.read(path).then(() => true, () => false); // prettier-ignore

describe('upgradeStore', () => {
  it('moves all networks, and removes the files that they were in', async () => {
    const files = await oldStore();
    const before = await openInstanceStore(files).list();
    expect(new TextDecoder().decode(await files.read('manifest.json'))).toContain('"schemaVersion": 1');
    expect(await upgradeStore(files)).toBe(71);
    const store = openInstanceStore(files);
    const facts = (records: typeof before) => records.map(({ file: _, offset: __, ...rest }) => rest);
    expect(facts(await store.list())).toEqual(facts(before));
    expect((await store.list())[7]).toMatchObject({ file: 'shards/000000.bin' });
    expect(await store.verify()).toEqual([]);
    for (const { file } of before) expect(await exists(files, file)).toBe(false);
    expect(await upgradeStore(files)).toBe(0);
    await store.add(entry('later', 99));
    expect((await store.list()).at(-1)).toMatchObject({ name: 'later', classId: 0 });
  });
  it('keeps ClassIds that were given', async () => {
    const files = memoryFiles();
    await openInstanceStore(files, { layout: 'files' }).add({ ...entry('given', 1), classId: 5 });
    await upgradeStore(files);
    expect(await openInstanceStore(files).list()).toMatchObject([{ name: 'given', classId: 5 }]);
    expect(await openInstanceStore(files).verify()).toEqual([]);
  });
  it('leaves a store as it is if a network is damaged, a ClassId is wrong or the signal says so', async () => {
    const files = await oldStore();
    const manifest = await files.read('manifest.json');
    const file = (await openInstanceStore(files).list())[3]!.file;
    const bytes = await files.read(file);
    const refused = async (code: string, options = {}) => {
      await expect(upgradeStore(files, options)).rejects.toMatchObject({ code });
      expect(await files.read('manifest.json')).not.toContain(2);
      expect(await openInstanceStore(files).list()).toHaveLength(71);
    };
    await files.write(file, bytes.slice(1));
    await refused('CORRUPT_FILE');
    await files.write(file, bytes);
    await files.write(
      'manifest.json',
      new TextEncoder().encode(new TextDecoder().decode(manifest).replace('"classId": 1', '"classId": 3')),
    );
    await refused('CORRUPT_FILE');
    await files.write('manifest.json', manifest);
    await refused('ABORTED', { signal: AbortSignal.abort() });
    expect(await upgradeStore(files)).toBe(71);
  });
  it('goes on, to the same files, after it was broken off at any moment', async () => {
    const whole = await oldStore(3);
    await upgradeStore(whole);
    for (let [operations, done] = [0, false]; !done; operations++) {
      const inner = await oldStore(3);
      let left = operations;
      const counted = <A extends readonly unknown[]>(run: (...args: A) => Promise<void>) =>
        (...args: A) => (left-- > 0 ? run(...args) : Promise.reject(new Error('fault'))); // prettier-ignore
      const failing: StoreFiles = { ...inner, write: counted(inner.write), append: counted(inner.append!), remove: counted(inner.remove!) };
      done = await upgradeStore(failing).then(() => true, () => false); // prettier-ignore
      expect(await openInstanceStore(inner).verify()).toEqual([]);
      expect(await openInstanceStore(inner).list()).toHaveLength(4);
      await upgradeStore(inner);
      for (const file of ['manifest.json', 'index/000000.jsonl', 'shards/000000.bin'])
        expect(await inner.read(file)).toEqual(await whole.read(file));
      if (done) expect(operations).toBe(7); // shard, index, manifest, four old files
    }
  });
  it('disturbs nobody who reads', async () => {
    const files = await oldStore(3);
    let moved: Promise<number> | undefined;
    const reading: StoreFiles = {
      ...files,
      async read(path) {
        if (path.startsWith('instances/')) await (moved ??= upgradeStore(files)); // between the list and the first network
        return files.read(path);
      },
    };
    expect(await openInstanceStore(reading).verify()).toEqual([]);
    expect(await moved).toBe(4);
    await files.remove!('shards/000000.bin');
    expect(await openInstanceStore(files).verify()).not.toEqual([]);
  });
  it('writes over no shards of networks that the manifest does not know', async () => {
    const files = await oldStore(3);
    const manifest = await files.read('manifest.json');
    const content = await Promise.all((await files.list!('instances')).map(async (name) => [`instances/${name}`, await files.read(`instances/${name}`)] as const)); // prettier-ignore
    await upgradeStore(files);
    await openInstanceStore(files).add(entry('later', 99));
    const shard = await files.read('shards/000000.bin');
    await files.write('manifest.json', manifest);
    for (const [path, bytes] of content) await files.write(path, bytes);
    await expect(upgradeStore(files)).rejects.toThrow(/got later in shards\/000000\.bin, which it does not know/);
    expect(await files.read('shards/000000.bin')).toEqual(shard);
  });
});
