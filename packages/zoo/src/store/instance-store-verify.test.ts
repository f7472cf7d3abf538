// What a store finds that is wrong, and what it does not take.
import '@tensorflow/tfjs';
import { NetSpaceError } from '@netspace/prep';
import { type RawTensor, rawToFloat32, readSafetensors, writeSafetensors } from '@netspace/formats';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { openInstanceStore } from './instance-store.js';
import { sha256 } from './files/sha256.js';
import { memoryFiles, type StoreFiles } from './files/store-files.js';
import { bytesOf, entry, instanceOf, manifestOf, small } from './testing/entries.js';

describe('openInstanceStore', () => {
  beforeAll(() => tf.setBackend('cpu'));
  afterEach(() => vi.unstubAllGlobals());

  it('notices a file that was changed, cut or lost', async () => {
    const files = memoryFiles();
    const store = openInstanceStore(files, { layout: 'files' });
    const [changed, cut] = [await store.add(entry('changed')), await store.add(entry('cut', 1))];
    const bytes = await files.read(changed.file);
    bytes[bytes.length - 1]! ^= 1;
    await files.write(changed.file, bytes);
    await files.write(cut.file, bytes.slice(0, 100));
    await expect(store.load('changed')).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
    await expect(store.load('cut')).rejects.toThrow(/expected \d+ bytes .* got 100/);
    const lost = (await manifestOf(files)).replaceAll(cut.file, 'instances/lost.safetensors');
    await files.write('manifest.json', bytesOf(lost));
    expect((await store.verify()).map(({ name, problem }) => [name, problem.replace(/:.*/, '')])).toEqual([
      ['changed', 'load'],
      ['cut', 'memoryFiles.read'],
    ]);
  });
  it('finds a manifest that contradicts its files', async () => {
    const files = memoryFiles();
    const store = openInstanceStore(files, { layout: 'files' });
    for (const [i, name] of ['small', 'siren-3-8x1-1-omega10', 'siren-3-16x1-1'].entries())
      await store.add(entry(name, i, name === 'small' ? small : name));
    const good = JSON.parse(await manifestOf(files)) as { instances: Record<string, unknown>[] };
    const verified = async (change: (instances: Record<string, unknown>[]) => unknown) => {
      const manifest = structuredClone(good);
      change(manifest.instances);
      await files.write('manifest.json', bytesOf(JSON.stringify(manifest)));
      return (await store.verify()).map(({ name, problem }) => `${name}: ${problem}`);
    };
    expect(await verified(() => undefined)).toEqual([]);
    expect(await verified(([a, b]) => ([a!['name'], b!['name']] = [b!['name'], a!['name']]))).toEqual([
      expect.stringContaining('expected name siren-3-8x1-1-omega10 of siren-3-8x1-1-omega10, as the manifest says, got small'),
      expect.stringContaining('small: load: expected name small'),
    ]);
    // Another frequency: the tensors have the same names and shapes, the function is another.
    expect(await verified(([a]) => (a!['architecture'] = 'siren-3-8x1-1-omega20'))).toContainEqual(
      expect.stringMatching(/small: load: expected architecture siren-3-8x1-1-omega20 of small, .* got siren-3-8x1-1 in instances/),
    );
    await expect(store.load('small')).rejects.toMatchObject({ code: 'CORRUPT_FILE' }); // and it is not loaded as another function
    expect(await verified(([a]) => (a!['parameterCount'] = 42))).toContainEqual(expect.stringContaining('parameterCount 42 of small'));
    expect(await verified(([a, , c]) => ([a!['classId'], c!['classId']] = [2, 0]))).toHaveLength(2);
    expect(await verified(([a, b, c]) => [a, b, c].forEach((one) => (one!['classId'] = (one!['classId'] as number) + 1)))).toHaveLength(3);
    const share = ([a, b]: Record<string, unknown>[]) => ['file', 'sha256', 'bytes'].forEach((key) => (b![key] = a![key]));
    expect(await verified(share)).toContainEqual(
      expect.stringMatching(/omega10: verify: expected a file of its own, got .*, which is small's/),
    );
  });
  it('keeps ClassIds that were given by hand, and finds others', async () => {
    const files = memoryFiles();
    const store = openInstanceStore(files, { layout: 'files' });
    await store.add({ ...entry('given'), classId: 5 });
    expect(await store.verify()).toEqual([]);
    await files.write('manifest.json', bytesOf((await manifestOf(files)).replace('"classId": 5', '"classId": 4')));
    expect(await store.verify()).toEqual([{ name: 'given', problem: 'verify: expected ClassId 5, which was given with it, got 4' }]);
  });
  it('stops verifying when its signal says so', async () => {
    const store = openInstanceStore(memoryFiles());
    await store.add(entry('net'));
    await expect(store.verify({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
  });
  it('does not know other names', async () => {
    await expect(openInstanceStore(memoryFiles()).load('net')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
  it('asks for a resolve where the architecture is not the zoo’s', async () => {
    const files = memoryFiles();
    const { parameters, architecture } = instanceOf(small);
    const mine = { ...architecture, name: 'mine' };
    await openInstanceStore(files).add({ ...entry('net'), instance: { architecture: mine, parameters } });
    await expect(openInstanceStore(files).load('net')).rejects.toThrow(/mine; pass openInstanceStore a resolve/);
    expect((await openInstanceStore(files, { resolve: () => mine }).load('net')).architecture).toBe(mine);
  });
  it('verifies networks of an architecture that it does not know by their bytes and numbers', async () => {
    const files = memoryFiles();
    const { parameters, architecture } = instanceOf(small);
    const instance = { architecture: { ...architecture, name: 'mine' }, parameters };
    const store = openInstanceStore(files, { layout: 'files' });
    const { file } = await store.add({ ...entry('net'), instance });
    expect(await store.verify()).toEqual([]);
    const bytes = await files.read(file);
    const { tensors, metadata } = readSafetensors(bytes);
    const manifest = await manifestOf(files);
    const replace = async (changed: ReadonlyMap<string, RawTensor>) => {
      const now = writeSafetensors(changed, { metadata });
      await files.write(file, now);
      await files.write('manifest.json', bytesOf(manifest.replace(/"sha256": "\w+"/, `"sha256": "${await sha256(now)}"`).replace(/"bytes": \d+/, `"bytes": ${now.length}`))); // prettier-ignore
      return (await store.verify()).map(({ problem }) => problem);
    };
    expect(await replace(tensors)).toEqual([]);
    const [[name, raw]] = [...tensors] as [[string, RawTensor]];
    const spoiled = rawToFloat32(raw).fill(Number.NaN, 1, 2);
    expect(await replace(new Map<string, RawTensor>([...tensors, [name, { dtype: 'F32', shape: raw.shape, data: spoiled }]]))).toEqual([expect.stringMatching(new RegExp(`NaN at .*${name}`))]); // prettier-ignore
    expect(await replace(new Map([[name, raw]]))).toEqual([expect.stringMatching(/expected parameterCount/)]);
    await files.write(file, bytes.with(bytes.length - 1, bytes.at(-1)! ^ 1));
    await files.write('manifest.json', bytesOf(manifest));
    expect(await store.verify()).toEqual([{ name: 'net', problem: expect.stringMatching(/SHA-256/) as string }]);
  });
  it.each([
    { name: '../net' },
    { name: '' },
    { epochs: Number.NaN },
    { seed: 0.5 },
    { classId: -1 },
    { metrics: { accuracy: Number.NaN } },
  ])('refuses to add %o', async (wrong) => {
    await expect(openInstanceStore(memoryFiles()).add({ ...entry('net'), ...wrong })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
  it.each([
    ['NaN', Number.NaN, 'float32'],
    ['infinity', Infinity, 'float32'],
    ['infinity', -Infinity, 'float16'],
  ] as const)('refuses to add a network with %s, naming tensor and place', async (_, value, dtype) => {
    const { architecture, parameters } = instanceOf(small);
    const bias = tf.tensor1d([0, 0, value, 0, 0, 0, 0, 0]);
    const added = { ...entry('net'), instance: { architecture, parameters: [parameters[0]!, bias, ...parameters.slice(2)] } };
    const files = memoryFiles();
    await expect(openInstanceStore(files, { dtype }).add(added)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining(`${value} at [2] of mlp.0.bias`) as string,
    });
    expect(await openInstanceStore(files).list()).toEqual([]);
  });
  it('refuses to add what half precision cannot hold', async () => {
    const { architecture, parameters } = instanceOf(small);
    const added = { ...entry('net'), instance: { architecture, parameters: [tf.mul(parameters[0]!, 1e6), ...parameters.slice(1)] } };
    await expect(openInstanceStore(memoryFiles(), { dtype: 'float16' }).add(added)).rejects.toThrow(
      /65504 for F16, got .* of mlp\.0\.weight/,
    );
  });
  it('finds a network with NaN that an earlier version stored', async () => {
    const files = memoryFiles();
    const store = openInstanceStore(files, { layout: 'files' });
    const record = await store.add(entry('net'));
    const tensors = new Map(readSafetensors(await files.read(record.file)).tensors);
    tensors.set('mlp.4.bias', { dtype: 'F32', shape: [1], data: Float32Array.of(Number.NaN) });
    const bytes = writeSafetensors(tensors);
    await files.write(record.file, bytes);
    const manifest = (await manifestOf(files))
      .replace(record.sha256, await sha256(bytes))
      .replace(`"bytes": ${record.bytes}`, `"bytes": ${bytes.length}`);
    await files.write('manifest.json', bytesOf(manifest));
    expect(await store.verify()).toEqual([{ name: 'net', problem: expect.stringContaining('NaN at [0] of mlp.4.bias') as string }]);
    await expect(store.load('net')).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
  it('says what to do with a store of another version', async () => {
    const files = memoryFiles();
    await files.write('manifest.json', bytesOf('{"schemaVersion": 3, "instances": []}'));
    await expect(openInstanceStore(files).list()).rejects.toThrow(/schemaVersion 1 or 2, got 3; .*update the package/);
    await expect(openInstanceStore(files).add(entry('net'))).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    await files.write('manifest.json', bytesOf('{"schemaVersion": {"toString": 1}, "instances": []}'));
    await expect(openInstanceStore(files).list()).rejects.toThrow(/schemaVersion 1 or 2, got an object/);
  });
  it('refuses manifests that are damaged or dangerous', async () => {
    const files = memoryFiles();
    const store = openInstanceStore(files, { layout: 'files' });
    await store.add(entry('net'));
    const good = await manifestOf(files);
    const bad = [
      'no json',
      '[]',
      '{"schemaVersion": 1, "instances": {}}',
      '{"schemaVersion": 1, "instances": [3]}',
      good.replace(/"file": "[^"]*"/, '"file": "../../etc/passwd"'),
      good.replace(/"file": "[^"]*"/, '"file": "/etc/passwd"'),
      good.replace(/"bytes": \d+/, '"bytes": -1'),
      good.replace(/"sha256": "./, '"sha256": "g'),
      good.replace(/"mse": 0.5/, '"mse": "0.5"'),
      `{"schemaVersion": ${'['.repeat(1e5)}${']'.repeat(1e5)}, "instances": []}`,
      JSON.stringify({ schemaVersion: 1, instances: Array(2).fill((JSON.parse(good) as { instances: unknown[] }).instances[0]) }),
    ];
    for (const text of bad) {
      await files.write('manifest.json', bytesOf(text));
      await expect(store.list(), text).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
    }
    await files.write('manifest.json', new Uint8Array(64 * 1024 * 1024 + 1));
    await expect(store.list()).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    await files.write('manifest.json', bytesOf(`{"schemaVersion": 1, "instances": [${'1,'.repeat(100_000)}1]}`));
    await expect(store.list()).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });
  it('refuses a path in place of files', () => {
    const untyped = openInstanceStore as (files?: unknown) => unknown;
    expect(() => untyped('my-zoo')).toThrow(
      /files with read and write, got 'my-zoo'; directoryFiles\('my-zoo'\) of @netspace\/node is a folder/,
    );
    expect(() => untyped()).toThrow(/got nothing; pass memoryFiles\(\)/);
  });
  it('passes on what the files say', async () => {
    const files: StoreFiles = { read: () => Promise.reject(new NetSpaceError('UNAVAILABLE', 'offline')), write: () => Promise.resolve() };
    await expect(openInstanceStore(files).list()).rejects.toThrow('offline');
  });
  it('needs Web Crypto', async () => {
    const added = entry('net');
    vi.stubGlobal('crypto', {});
    await expect(openInstanceStore(memoryFiles()).add(added)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
