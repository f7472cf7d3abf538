import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { openCatalog } from './catalog.js';
import type { Draft } from './log/append.js';
import { sha256 } from './files/sha256.js';
import { memoryFiles, type StoreFiles } from './files/store-files.js';

/** A network of so many bytes, which a catalog does not look into. */
async function draft(name: string, { size = 40, seed = 0, architecture = 'net', parameterCount = 10 } = {}): Promise<Draft> {
  const bytes = new Uint8Array(size).fill(seed % 251);
  bytes.set(new TextEncoder().encode(name).subarray(0, size));
  return {
    record: { name, architecture, parameterCount, epochs: 1, seed, metrics: { accuracy: seed / 1000 }, sha256: await sha256(bytes) },
    bytes,
  };
}
const drafts = (count: number, from = 0, size = 40) =>
  Promise.all(Array.from({ length: count }, (_, i) => draft(`net-${from + i}`, { seed: from + i, size })));
const shards = (files: StoreFiles) => openCatalog(files, 'shards');
const names = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `net-${from + i}`);
const namesIn = async (files: StoreFiles) => (await shards(files).list()).map(({ name }) => name);

describe('openCatalog', () => {
  it('gives back records and bytes, whoever reads, through several segments', async () => {
    const files = memoryFiles();
    const [writer, reader] = [shards(files), shards(files)];
    const all = await drafts(7000);
    for (const [from, to] of [
      [0, 1],
      [1, 2],
      [2, 3000],
      [3000, 3001],
      [3001, 7000],
    ] as const) {
      const added = await writer.add(all.slice(from, to));
      expect(await reader.list()).toEqual(await shards(files).list()); // one that knows what was, and one that knows nothing
      expect((await reader.list()).slice(from)).toEqual(added);
    }
    expect(await namesIn(files)).toEqual(names(0, 7000));
    await expect(files.read('index/000002.jsonl')).resolves.toBeDefined();
    for (const i of [0, 2999, 6999]) {
      const record = (await reader.find(`net-${i}`))!;
      expect(record).toMatchObject({ seed: i, classId: 0, epochs: 1, metrics: { accuracy: i / 1000 }, bytes: 40, offset: 40 * i });
      expect(await reader.bytesOf(record)).toEqual(all[i]!.bytes);
    }
    expect(await reader.find('net')).toBeUndefined();
  });
  it('begins a new shard after 64 MiB, and gives what is larger than 1 MiB a file of its own', async () => {
    const files = memoryFiles();
    const catalog = shards(files);
    const records = await catalog.add(await drafts(130, 0, 2 ** 19));
    expect(new Set(records.map(({ file }) => file))).toEqual(new Set(['shards/000000.bin', 'shards/000001.bin']));
    const [large] = await catalog.add([await draft('large', { size: 2 ** 20 + 1 })]);
    const [next] = await catalog.add([await draft('next', { size: 2 ** 20 })]);
    expect(large!.file).toMatch(/^instances\/large-[0-9a-f]{12}\.safetensors$/);
    expect(next).toMatchObject({ file: 'shards/000001.bin', offset: 2 * 2 ** 19 });
    for (const record of await catalog.list()) await catalog.bytesOf(record);
  }, 30_000);
  it('numbers architectures by parameter count, also those that come later', async () => {
    const catalog = shards(memoryFiles());
    const kinds = [
      ['b', 20],
      ['c', 30],
      ['a', 10],
      ['b', 20],
    ] as const;
    for (const [i, [architecture, parameterCount]] of kinds.entries())
      await catalog.add([await draft(`${i}`, { architecture, parameterCount })]);
    expect((await catalog.list()).map(({ classId }) => classId)).toEqual([1, 2, 0, 1]);
    expect((await catalog.find('1'))?.classId).toBe(2);
  });
  it('works where files are only read and written as a whole', async () => {
    const { read, write } = memoryFiles();
    const catalog = shards({ read, write });
    const all = await drafts(20);
    for (const one of all) await catalog.add([one]);
    expect(await catalog.bytesOf((await catalog.find('net-7'))!)).toEqual(all[7]!.bytes);
    expect(await namesIn({ read, write })).toEqual(names(0, 20));
  });
  it('reads a zoo whose first networks come while it looks', async () => {
    const files = memoryFiles();
    let added: Promise<unknown> | undefined;
    const list = async (folder: string): Promise<readonly string[]> => {
      await (added ??= draft('first').then((one) => shards(files).add([one])));
      return files.list!(folder);
    };
    expect(await namesIn({ ...files, list })).toEqual(['first']);
  });

  it('sees a zoo that was built anew in its place', async () => {
    const files = memoryFiles();
    const catalog = shards(files);
    await catalog.add(await drafts(3));
    expect(await catalog.list()).toHaveLength(3);
    for (const count of [2, 5]) {
      const other = memoryFiles();
      await shards(other).add(await drafts(count, 100));
      for (const file of ['manifest.json', 'index/000000.jsonl', 'shards/000000.bin']) await files.write(file, await other.read(file));
      expect((await catalog.list()).map(({ name }) => name)).toEqual(names(100, 100 + count));
    }
  });
  it('never gives another list for a changed bit of index or manifest, and never writes over a network', async () => {
    const files = memoryFiles();
    await shards(files).add(await drafts(3));
    const good = await shards(files).list();
    const shard = await files.read('shards/000000.bin');
    for (const file of ['manifest.json', 'index/000000.jsonl']) {
      const bytes = await files.read(file);
      for (let bit = 0; bit < 8 * bytes.length; bit += 3) {
        const changed = bytes.slice();
        changed[bit >> 3]! ^= 1 << (bit & 7);
        await files.write(file, changed);
        const got = await shards(files)
          .list()
          .catch((error: unknown) => error);
        if (Array.isArray(got)) {
          expect(got, `${file}, bit ${bit}`).toEqual(good);
          await shards(files)
            .add([await draft('more')])
            .catch(() => undefined);
          expect((await files.read('shards/000000.bin')).slice(0, shard.length)).toEqual(shard);
          await files.write('shards/000000.bin', shard);
          for (const other of ['manifest.json', 'index/000000.jsonl']) if (other !== file) await files.write(other, await original(other));
        } else expect(got).toMatchObject({ code: expect.stringMatching(/CORRUPT_FILE|UNSUPPORTED|NOT_FOUND/) as string });
      }
      await files.write(file, bytes);
    }
    async function original(file: string): Promise<Uint8Array> {
      const fresh = memoryFiles();
      await shards(fresh).add(await drafts(3));
      return fresh.read(file);
    }
  }, 30_000);
  it('loses nothing and keeps nothing half when writers fail at any moment', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ writer: fc.nat(1), count: fc.integer({ min: 1, max: 4 }), failsAt: fc.nat(8) }), { maxLength: 12 }),
        async (turns) => {
          const inner = memoryFiles();
          let left = Infinity;
          const failing: StoreFiles = {
            ...inner,
            async append(path, at, bytes) {
              if (left-- > 0) return inner.append!(path, at, bytes);
              await inner.append!(path, at, bytes.subarray(0, bytes.length / 2)); // a part of it is there
              throw new Error('fault');
            },
            write: (path, bytes) => (left-- > 0 ? inner.write(path, bytes) : Promise.reject(new Error('fault'))),
          };
          const writers = [shards(failing), shards(failing)];
          let kept = 0;
          for (const { writer, count, failsAt } of turns) {
            left = failsAt;
            const added = await writers[writer]!.add(await drafts(count, kept)).catch(() => undefined);
            if (added !== undefined) kept += count;
            expect(await namesIn(inner)).toEqual(names(0, kept));
          }
          for (const record of await shards(inner).list()) await shards(inner).bytesOf(record);
          const undisturbed = memoryFiles();
          if (kept > 0) await shards(undisturbed).add(await drafts(kept));
          left = Infinity;
          await writers[0]!.add(await drafts(1, kept));
          await shards(undisturbed).add(await drafts(1, kept));
          for (const file of ['manifest.json', 'index/000000.jsonl', 'shards/000000.bin'])
            expect(await inner.read(file)).toEqual(await undisturbed.read(file)); // to the bit
        },
      ),
      { numRuns: 60 },
    );
  }, 30_000);
  it.each(['shards', 'files'] as const)(
    'goes on, to the same files, after the first adder was broken off at any moment, %s',
    async (layout) => {
      const undisturbed = memoryFiles();
      await openCatalog(undisturbed, layout).add(await drafts(2));
      let broken = 0;
      for (let operations = 0; ; operations++) {
        const inner = memoryFiles();
        let left = operations;
        const failing: StoreFiles = {
          ...inner,
          async append(path, at, bytes) {
            if (left-- > 0) return inner.append!(path, at, bytes);
            await inner.append!(path, at, bytes.subarray(0, bytes.length / 2));
            throw new Error('fault');
          },
          write: (path, bytes) => (left-- > 0 ? inner.write(path, bytes) : Promise.reject(new Error('fault'))),
        };
        const done = await openCatalog(failing, layout).add(await drafts(2)).then(() => true, () => false); // prettier-ignore
        expect(await namesIn(inner)).toEqual(done ? names(0, 2) : []);
        if (done) break;
        broken++;
        await openCatalog(inner, layout).add(await drafts(2));
        for (const file of ['manifest.json', ...(layout === 'shards' ? ['index/000000.jsonl', 'shards/000000.bin'] : [])])
          expect(await inner.read(file)).toEqual(await undisturbed.read(file));
      }
      expect(broken).toBe(4); // manifest, shard, index, manifest; or manifest, two networks, manifest
    },
  );
});
