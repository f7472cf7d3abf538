import { s3Program, s3Server, type S3Server } from '@netspace/testing/s3-server';
import { isNetSpaceError } from '@netspace/prep';
import { copyInstances, memoryFiles, openInstanceStore, recoverInstances, type StoreFiles, siren, initialize } from '@netspace/zoo';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import '@tensorflow/tfjs';
import { s3Client } from './s3-client.js';
import { s3Files } from './s3-files.js';
import { s3Objects } from './s3-objects.js';
import { s3Place } from './s3-place.js';

const MIB = 2 ** 20;
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Numbers that repeat nowhere, so that a part at a wrong place is noticed. */
function distinct(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 2_654_435_761) >>> 13;
  return bytes;
}
const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

describe.skipIf(s3Program() === undefined)('s3Files on a real server', () => {
  let server: S3Server;
  let count = 0;
  beforeAll(async () => {
    server = await s3Server();
    for (const [name, value] of Object.entries(server.env)) vi.stubEnv(name, value);
  });
  afterEach(() => void (server.fault = () => 'pass'));
  afterAll(async () => {
    vi.unstubAllEnvs();
    await server.stop();
  });
  const place = (): string => `s3://${server.bucket}/zoos/${process.pid}-${count++}`;
  const open = (address = place(), options: Parameters<typeof s3Files>[1] = {}): Required<StoreFiles> =>
    s3Files(address, { patienceMs: 5000, ...options }) as Required<StoreFiles>;
  const entry = (name: string) => {
    const architecture = siren({ hidden: 4 });
    const instance = { architecture, parameters: initialize(architecture.parameters, { seed: name.length, scheme: 'siren' }) };
    return { name, instance, epochs: 1, seed: 1, metrics: { mse: 0.5 } };
  };

  it('reads what it has written, in whole and in part, and says what is not there', async () => {
    const files = open();
    await files.write('a/b.json', bytesOf('hello'));
    expect(textOf(await files.read('a/b.json'))).toBe('hello');
    expect(textOf(await files.readRange('a/b.json', 1, 3))).toBe('el');
    expect(textOf(await files.readRange('a/b.json', 4, 9))).toBe('o');
    expect(textOf(await files.readRange('a/b.json', 5, 9))).toBe('');
    await files.remove('a/b.json');
    await files.remove('a/b.json');
    await expect(files.read('a/b.json')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(files.readRange('a/b.json', 0, 1)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(files.write('../b', bytesOf(''))).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('lists a folder of more objects than a page has', async () => {
    const address = place();
    const files = open(address);
    const names = ['0', '1', '2 &é', '3'];
    for (const name of [...names, 'deep/er']) await files.write(`results/${name}`, bytesOf(name));
    const { list } = s3Objects(s3Place(address), s3Client(s3Place(address), 1000));
    for (const page of [2, 3, 1000]) expect(await list('results', page)).toEqual(names);
    expect(await files.list('nothing')).toEqual([]);
  });

  it('appends: a small object is written again, a large one is copied by the server, and what a broken adder left is dropped', async () => {
    const files = open();
    await files.append('s', 0, bytesOf('one'));
    await files.append('s', 3, bytesOf(' two'));
    await files.append('s', 3, bytesOf(' 2'));
    expect(textOf(await files.read('s'))).toBe('one 2');
    await expect(files.append('s', 9, bytesOf('!'))).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
    const [large, more] = [distinct(17 * MIB), distinct(9 * MIB)]; // in parts, both
    await files.append('l', 0, large);
    await files.append('l', 6 * MIB, more);
    expect(equal(await files.read('l'), Buffer.concat([large.subarray(0, 6 * MIB), more]))).toBe(true);
  });

  it('keeps a zoo: adds, loads, verifies, copies and recovers', async () => {
    const [from, to] = [open(), open()];
    const store = openInstanceStore(from);
    await Promise.all(['a', 'bb', 'ccc'].map((name) => store.add(entry(name))));
    const other = openInstanceStore(from); // as another process would
    expect((await other.list()).map(({ name }) => name)).toEqual(['a', 'bb', 'ccc']);
    await other.addAll([entry('dddd')]);
    expect((await store.load('dddd')).record.seed).toBe(1);
    expect(await store.verify()).toEqual([]);
    const local = memoryFiles();
    await copyInstances(from, local, { records: await store.list() });
    await copyInstances(local, to, { records: await store.list() });
    expect(equal(await to.read('shards/000000.bin'), await local.read('shards/000000.bin'))).toBe(true);
    expect((await recoverInstances(from, memoryFiles())).names).toHaveLength(4);
    const shard = (await from.read('shards/000000.bin')).slice();
    shard[shard.length >> 1]! ^= 1;
    await from.write('shards/000000.bin', shard);
    expect(await store.verify()).toEqual([{ name: expect.any(String) as string, problem: expect.stringMatching(/SHA-256/) as string }]);
  });

  it('lets many adders of one zoo take turns, and loses nobody', async () => {
    const address = place();
    const adders = Array.from({ length: 4 }, (_, i) => openInstanceStore(open(address)).add(entry('x'.repeat(i + 1))));
    await Promise.all(adders);
    expect(await openInstanceStore(open(address)).list()).toHaveLength(4);
    expect(await openInstanceStore(open(address)).verify()).toEqual([]);
  });

  it('waits for a store that errs, is slow, breaks off or is gone, and does a write once whose answer was lost', async () => {
    const files = open();
    const faults = [503, 'drop', 'lose answer', 500, { delayMs: 50 }, 429] as const;
    let asked = 0;
    server.fault = () => (asked++ % 2 === 0 ? faults[(asked >> 1) % faults.length]! : 'pass');
    const store = openInstanceStore(files);
    for (const name of ['a', 'bb']) await store.add(entry(name));
    server.fault = () => 'pass';
    expect(await store.verify()).toEqual([]);
    expect(await store.list()).toHaveLength(2);
    const gone = performance.now() + 1000;
    server.fault = () => (performance.now() < gone ? 'drop' : 'pass');
    expect(await store.list()).toHaveLength(2);
    server.fault = () => 'drop';
    await expect(openInstanceStore(open(place(), { patienceMs: 300 })).list()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/got ECONNRESET|got UND_ERR_SOCKET/) as string,
    });
  });

  it('takes over from an adder that is silent, which then can overwrite nothing', async () => {
    const address = place();
    const [dead, next] = [open(address, { leaseMs: 600 }), open(address, { leaseMs: 600 })];
    await dead.write('index', bytesOf('old'));
    let wake = (): void => undefined;
    const sleeping = new Promise<void>((resolve) => (wake = resolve));
    let begun = (): void => undefined;
    const held = new Promise<void>((resolve) => (begun = resolve));
    const silent = vi.spyOn(globalThis, 'setInterval').mockReturnValue(undefined as never); // as if its event loop were blocked
    const lost = dead.exclusive(async () => {
      await dead.write('index', bytesOf('mine'));
      begun();
      await sleeping;
      await dead.write('index', bytesOf('too late'));
    });
    lost.catch(() => undefined);
    await held;
    silent.mockRestore();
    await next.exclusive(() => next.write('index', bytesOf('next')));
    wake();
    await expect(lost).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringMatching(/taken over/) as string });
    expect(textOf(await next.read('index'))).toBe('next');
  });

  it('refuses wrong keys, missing keys, missing buckets and addresses that are none, and never shows a key', async () => {
    const errors: unknown[] = [];
    const refused = async (address: string): Promise<unknown> => {
      const error = await (async () => s3Files(address, { patienceMs: 300 }).list!(''))().catch((reason: unknown) => reason);
      errors.push(error);
      return isNetSpaceError(error) && [error.code, error.message];
    };
    expect(await refused('s3://no-such-bucket-here/x')).toEqual(['UNAVAILABLE', expect.stringMatching(/NoSuchBucket.*check bucket/)]);
    expect(await refused('s3://UPPER/x')).toEqual(['INVALID_OPTION', expect.stringMatching(/s3:\/\/bucket/)]);
    expect(await refused('s3://bucket/../x')).toEqual(['INVALID_OPTION', expect.anything()]);
    const secret = server.env['AWS_SECRET_ACCESS_KEY']!;
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'other-word');
    expect(await refused(place())).toEqual(['UNAVAILABLE', expect.stringMatching(/SignatureDoesNotMatch/)]);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', '');
    expect(await refused(place())).toEqual(['UNAVAILABLE', expect.stringMatching(/AWS_SECRET_ACCESS_KEY in the environment/)]);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', secret);
    for (const error of errors) {
      const said =
        JSON.stringify(error, Object.getOwnPropertyNames(error)) + String((error as Error).stack) + String((error as Error).cause);
      for (const key of [secret, 'other-word', server.env['AWS_ACCESS_KEY_ID']!]) expect(said).not.toContain(key);
    }
  });
});
