import '@tensorflow/tfjs';
import { disposeInstances } from '@netspace/prep';
import { beforeAll, describe, expect, it } from 'vitest';

import { architectureByName } from '../../architectures/by-name.js';
import { initialize } from '../../initialize.js';
import { type InstanceStore, openInstanceStore } from '../instance-store.js';
import type { InstanceRecord } from '../instance-record.js';
import { recoverInstances } from './recover-instances.js';
import { sha256 } from '../files/sha256.js';
import { memoryFiles, type StoreFiles } from '../files/store-files.js';

/** So many that a dozen records fill a segment of the index. */
const METRICS = Object.fromEntries(Array.from({ length: 1200 }, (_, i) => [`measure-${String(i).padStart(20, '0')}`, i]));
const SMALL = 'siren-3-4x1-1';

async function add(store: InstanceStore, name: string, { kind = SMALL, metrics = {} }: { kind?: string; metrics?: object } = {}) {
  const architecture = architectureByName(kind);
  const instance = { architecture, parameters: initialize(architecture.parameters, { seed: name.length }) };
  await store.add({ name, instance, epochs: 2, seed: 7, metrics: { ...metrics } });
  disposeInstances([instance]);
}

type Snapshot = ReadonlyMap<string, Uint8Array>;

async function contentOf(files: StoreFiles): Promise<Snapshot> {
  const content = new Map<string, Uint8Array>();
  for (const folder of ['', 'index', 'shards', 'instances']) {
    for (const name of await files.list!(folder)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      content.set(path, await files.read(path));
    }
  }
  return content;
}

/** Which bytes are where; a matcher of this is fast. */
const hashesOf = async (content: Snapshot): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries(await Promise.all([...content].map(async ([path, bytes]) => [path, await sha256(bytes)] as const)));

async function filesOf(content: Snapshot): Promise<StoreFiles> {
  const files = memoryFiles();
  for (const [path, bytes] of content) await files.write(path, bytes);
  return files;
}

/** Names of networks whose record and bytes are in some files, from what the whole store says of their places. */
function wholeIn(content: Snapshot, whole: Snapshot, records: readonly InstanceRecord[]): readonly string[] {
  const length = (path: string): number => content.get(path)?.length ?? 0;
  const lineEnds = new Map<string, readonly [file: string, end: number]>();
  for (const [path, bytes] of whole) {
    if (!path.startsWith('index/')) continue;
    let end = 0;
    for (const line of new TextDecoder().decode(bytes).split('\n').slice(0, -1)) {
      end += line.length + 1;
      lineEnds.set((JSON.parse(line) as { name?: string }).name ?? '', [path, end]);
    }
  }
  return records
    .filter(({ name, file, offset = 0, bytes }) => {
      const [index, end] = lineEnds.get(name) ?? ['manifest.json', whole.get('manifest.json')!.length];
      return length(file) >= offset + bytes && length(index) >= end;
    })
    .map(({ name }) => name);
}

describe.each(['shards', 'files'] as const)('half a copy of a zoo in %s', (layout) => {
  let whole: Snapshot;
  let records: readonly InstanceRecord[];
  beforeAll(async () => {
    const files = memoryFiles();
    const store = openInstanceStore(files, { layout });
    await add(store, 'large', { kind: 'siren-3-512x1-1' }); // more than 1 MiB
    for (let i = 0; i < (layout === 'shards' ? 25 : 5); i++) await add(store, `net-${i}`, { metrics: layout === 'shards' ? METRICS : {} });
    whole = await contentOf(files);
    records = await store.list();
    if (layout === 'shards') expect([...whole.keys()].filter((path) => path.startsWith('index/')).length).toBeGreaterThan(1);
  });

  it('is never written over, whichever file is missing or cut, and what is whole of it can be had', async () => {
    for (const path of whole.keys()) {
      for (const share of [0, 0.6, undefined]) {
        const label = `${path}, ${share}`;
        const half = new Map(whole);
        if (share === undefined) half.delete(path);
        else half.set(path, whole.get(path)!.slice(0, share * whole.get(path)!.length));
        const expected = wholeIn(half, whole, records);
        const files = await filesOf(half);

        const listed = await openInstanceStore(files).list().catch((error: unknown) => error); // prettier-ignore
        if (Array.isArray(listed)) {
          expect(listed, label).toEqual(records);
          const problems = (await openInstanceStore(files).verify()).map(({ name }) => name);
          const lost = records.map(({ name }) => name).filter((name) => !expected.includes(name));
          expect(problems.filter((name) => !name.startsWith('shards/')), label).toEqual(lost); // prettier-ignore
        } else {
          expect(listed, label).toMatchObject({ code: 'CORRUPT_FILE' });
        }

        const added = await add(openInstanceStore(files), 'more').then(() => true, (error: unknown) => error); // prettier-ignore
        if (added === true) expect(listed, label).toEqual(records); // what is damaged has a file of its own
        else {
          expect(added, label).toMatchObject({ code: 'CORRUPT_FILE' });
          expect(await hashesOf(await contentOf(files)), label).toEqual(await hashesOf(half));
        }
        await files.write(path, whole.get(path)!);
        if (added !== true) expect(await openInstanceStore(files).verify(), label).toEqual([]);

        if (layout === 'files' && path === 'manifest.json') continue; // nothing else says what the networks are
        const fresh = memoryFiles();
        const recovered = await recoverInstances(await filesOf(half), fresh);
        expect(recovered.names, label).toEqual(expected);
        expect(recovered.lost.length > 0, label).toBe(expected.length < records.length || (path === 'manifest.json' && share === 0.6)); // prettier-ignore
        const store = openInstanceStore(fresh);
        const facts = ({ file: _, offset: __, ...rest }: InstanceRecord) => rest;
        expect((await store.list()).map(facts), label).toMatchObject(
          records.filter(({ name }) => expected.includes(name)).map(({ classId: _, ...rest }) => facts(rest as InstanceRecord)),
        );
        await add(store, 'more');
        expect(await store.verify(), label).toEqual([]);
      }
    }
  }, 120_000);

  it('says what to do', async () => {
    const half = new Map(whole);
    half.delete('manifest.json');
    const files = await filesOf(half);
    const store = openInstanceStore(files);
    for (const call of [() => store.list(), () => store.load('net-1'), () => store.verify(), () => add(store, 'net-1')])
      await expect(call()).rejects.toThrow(/expected manifest\.json, since there is .*, got none: .* half a copy; copy its files again, or .*netspace zoo recover/); // prettier-ignore
  });
});

describe('recoverInstances', () => {
  it('finds the networks behind a manifest that is older than the other files, which no adder writes over', async () => {
    const files = memoryFiles();
    const store = openInstanceStore(files);
    await add(store, 'one');
    const old = await files.read('manifest.json');
    await add(store, 'two');
    const now = await files.read('manifest.json');
    await files.write('manifest.json', old);
    const content = await contentOf(files);
    const again = openInstanceStore(files);
    expect((await again.list()).map(({ name }) => name)).toEqual(['one']);
    expect(await again.verify()).toEqual([
      { name: 'index/000000.jsonl', problem: expect.stringMatching(/as manifest\.json says, got more; .*zoo recover/) as string },
    ]);
    await expect(add(again, 'three')).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
    expect(await contentOf(files)).toEqual(content);
    expect(await recoverInstances(files, memoryFiles())).toEqual({ names: ['one', 'two'], lost: [], unchecked: ['index/000000.jsonl'] });
    await files.write('manifest.json', now);
    expect((await openInstanceStore(files).list()).length).toBe(2);
    expect(await recoverInstances(files, memoryFiles())).toEqual({ names: ['one', 'two'], lost: [], unchecked: [] });
  });
  it('keeps ClassIds that were given', async () => {
    const files = memoryFiles();
    const architecture = architectureByName(SMALL);
    const instance = { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) };
    await openInstanceStore(files).add({ name: 'given', instance, epochs: 1, seed: 1, metrics: {}, classId: 5 });
    await files.remove!('manifest.json');
    const to = memoryFiles();
    await recoverInstances(files, to);
    expect(await openInstanceStore(to).list()).toMatchObject([{ name: 'given', classId: 5 }]);
  });
  it('finds index and shards by their numbers where files cannot be listed', async () => {
    const { list: _, ...files } = memoryFiles();
    await add(openInstanceStore(files), 'one');
    await files.remove!('manifest.json');
    await expect(openInstanceStore(files).list()).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
    expect((await recoverInstances(files, memoryFiles())).names).toEqual(['one']);
  });
  it('refuses a store that has networks to copy to, a place without a zoo, and stops when its signal says so', async () => {
    const files = memoryFiles();
    await add(openInstanceStore(files), 'one');
    await expect(recoverInstances(files, files)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(recoverInstances(memoryFiles(), memoryFiles())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(recoverInstances(files, memoryFiles(), { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
