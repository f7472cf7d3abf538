import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { boxMesh } from '@netspace/shapes';
import { buildShapeZoo } from '@netspace/train';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readMetrics } from '../metrics/metrics-file.js';
import { selectRuntime } from '../runtime/select-runtime.js';
import { keptJson } from './kept-json.js';
import { commitOf, machineFacts } from './machine.js';
import { readRunRecord } from './run-record.js';
import { plainSettings, settingsHash } from './settings-hash.js';
import { stageClock } from './stage-clock.js';
import { zooInFolder, type ZooInFolderOptions } from './zoo-in-folder.js';

const execute = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
let folder: string;

beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'netspace-runs-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('settings', () => {
  it('become plain JSON: tensors by shape, bytes by length, functions left out', () => {
    const settings = { tensor: tf.zeros([2, 3]), bytes: new Uint8Array(5), list: [1, { of: undefined }], run: () => 1, none: null };
    expect(plainSettings(settings)).toEqual({ tensor: { tensor: [2, 3] }, bytes: { bytes: 5 }, list: [1, {}], none: null });
  });
  it('have a name that is as their SHA-256 in other programs', () => {
    expect(settingsHash({ a: 1 })).toBe('015abd7f5c'); // printf '{"a":1}' | sha256sum
  });
});

describe('keptJson', () => {
  it('makes once, then reads; makes anew what is half a file', async () => {
    const path = join(folder, 'kept', 'one.json');
    let made = 0;
    const make = () => Promise.resolve({ made: ++made });
    expect(await keptJson(path, make)).toEqual({ made: 1 });
    expect(await keptJson(path, make)).toEqual({ made: 1 });
    await writeFile(path, '{"made":');
    expect(await keptJson(path, make)).toEqual({ made: 2 });
    expect(await readdir(dirname(path))).toEqual(['one.json']);
  });
});

describe('stageClock', () => {
  it('adds up the times of a stage over runs, also those that failed', async () => {
    const wait = () => new Promise<void>((resolve) => setTimeout(resolve, 30));
    await stageClock(folder).time('stage', wait);
    const failing = stageClock(folder).time('stage', async () => {
      await wait();
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    const third = stageClock(folder);
    expect(await third.time('stage', () => Promise.resolve(7))).toBe(7);
    const { spans, cpuSeconds } = third.times()['stage']!;
    expect(spans).toHaveLength(3);
    expect(spans.slice(0, 2).every(([from, to]) => to - from >= 0.029)).toBe(true);
    expect(cpuSeconds).toBeGreaterThan(0);
    expect(Object.keys(third.times())).toEqual(['stage']);
  });
});

describe('zooInFolder', () => {
  it('records the run, adds what is missing, and leaves a finished folder alone', async () => {
    const runtime = await selectRuntime({ prefer: 'cpu' });
    const zoo = join(folder, 'zoo');
    const mesh = boxMesh({ size: [0.4, 0.3, 0.2] });
    const recipe = { kind: 'shapes', architecture: 'siren-3-4x0-1', samples: 50, steps: 2, batchSize: 10, seed: 5 } as const;
    const run = (names: readonly string[], signal?: AbortSignal) =>
      zooInFolder(zoo, {
        ...{ command: 'zoo boxes', config: names, seed: 5, runtime },
        build: (store) => buildShapeZoo(recipe, { store, meshes: names.map((name) => ({ name, mesh })), ...(signal && { signal }) }),
      });
    expect((await run(['a', 'b'])).added).toBe(2);
    const record = () => readFile(join(zoo, 'run.json'), 'utf8');
    const written = await record();
    expect(await readRunRecord(zoo)).toMatchObject({
      command: 'zoo boxes',
      config: ['a', 'b'],
      seed: 5,
      state: 'done',
      result: { added: 2 },
    });
    expect((await run(['a', 'b'])).added).toBe(0);
    expect(await record()).toBe(written);
    await expect(run(['a', 'b', 'c'], AbortSignal.abort())).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await readRunRecord(zoo)).toMatchObject({ state: 'stopped', result: { added: 0 } });
    const { store, added } = await run(['a', 'b', 'c']);
    expect(added).toBe(1);
    const metrics = await readMetrics(join(zoo, 'metrics.jsonl'));
    expect(metrics.map(({ step, name }) => [step, name])).toEqual([[1, 'a'], [2, 'b'], [3, 'c']]); // prettier-ignore
    expect((await store.list()).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });
});

describe('zooInFolder, after a kill', () => {
  const mesh = boxMesh({ size: [0.4, 0.3, 0.2] });
  const recipe = { kind: 'shapes', architecture: 'siren-3-4x0-1', samples: 50, steps: 2, batchSize: 10, seed: 5 } as const;
  const build = async (
    zoo: string,
    names: readonly string[],
    before: () => Promise<void> = () => Promise.resolve(),
    waiting: Pick<ZooInFolderOptions, 'onWait' | 'signal'> = {},
  ) =>
    zooInFolder(zoo, {
      ...waiting,
      ...{ command: 'zoo boxes', config: names, seed: 5, runtime: await selectRuntime({ prefer: 'cpu' }) },
      async *build(store) {
        await before();
        yield* buildShapeZoo(recipe, { store, meshes: names.map((name) => ({ name, mesh })) });
      },
    });

  it('writes the line of an instance that was killed between the manifest and its line', async () => {
    const [whole, killed] = [join(folder, 'whole-zoo'), join(folder, 'killed-zoo')];
    await build(whole, ['a', 'b']);
    const lines = await readFile(join(whole, 'metrics.jsonl'), 'utf8');
    await build(killed, ['a']);
    await writeFile(join(killed, 'metrics.jsonl'), '');
    await build(killed, ['a', 'b']);
    expect(await readFile(join(killed, 'metrics.jsonl'), 'utf8')).toBe(lines);
  });

  it('waits for another build if it may, and adds what that one left', async () => {
    const zoo = join(folder, 'waited-zoo');
    const stopped = new AbortController();
    let second: Promise<unknown> | undefined;
    let third: Promise<unknown> | undefined;
    await build(zoo, ['a'], async () => {
      await new Promise<string>((onWait) => {
        second = build(zoo, ['a', 'b'], undefined, { onWait });
      });
      await new Promise<string>((onWait) => {
        third = build(zoo, ['c'], undefined, { onWait, signal: stopped.signal });
      });
      stopped.abort();
      await expect(third).rejects.toMatchObject({ code: 'ABORTED', message: expect.stringContaining('another process held') });
    });
    expect(await second).toMatchObject({ added: 1 });
  });

  it('removes old drafts of instances, and refuses a second build meanwhile', async () => {
    const zoo = join(folder, 'drafts-zoo');
    await build(zoo, ['a']);
    await mkdir(join(zoo, 'instances')); // of networks that are too large to share a file
    const draft = join(zoo, 'instances', 'b.safetensors.0123456789ab.tmp');
    await writeFile(draft, '');
    await utimes(draft, 0, 0);
    await build(zoo, ['a', 'b'], () =>
      expect(build(zoo, ['c'])).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('no other build in') }),
    );
    expect((await readdir(join(zoo, 'instances'))).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('readRunRecord', () => {
  it('knows folders without a run from damaged ones', async () => {
    expect(await readRunRecord(join(folder, 'nowhere'))).toBeUndefined();
    await writeFile(join(folder, 'run.json'), '{"config":');
    await expect(readRunRecord(folder)).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
  });
});

describe('commitOf', () => {
  it('marks files that changed since the commit, only those asked for', async () => {
    const checkout = join(folder, 'checkout');
    const git = (...args: string[]) =>
      execute('git', ['-c', 'user.name=n', '-c', 'user.email=e@example.com', '-C', checkout, ...args]).then(({ stdout }) => stdout.trim());
    await execute('git', ['init', '-q', checkout]);
    await writeFile(join(checkout, 'a'), '1');
    await git('add', 'a');
    await git('commit', '-qm', 'one');
    const head = await git('rev-parse', 'HEAD');
    expect(commitOf(checkout)).toBe(head);
    await writeFile(join(checkout, 'a'), '2');
    expect(commitOf(checkout)).toBe(`${head}+`);
    expect(commitOf(checkout, ['b'])).toBe(head);
    expect(commitOf(join(folder, 'nowhere'))).toBe('unknown');
  });
  it('stands beside the machine', () => {
    expect(machineFacts()).toMatchObject({ platform: `${process.platform}-${process.arch}` });
    expect(machineFacts().cores).toBeGreaterThan(0);
  });
});

describe('makeParts', () => {
  const program = join(here, 'testing', 'parts-child.ts');
  const env = { ...process.env, TSX_TSCONFIG_PATH: join(here, '../../../../tsconfig.json') };
  const run = (...args: readonly string[]) => execute(process.execPath, ['--import', 'tsx', program, folder, ...args], { env });

  it('makes parts side by side in processes of their own, phase by phase, a lone one in its own', async () => {
    const { stdout } = await run('first');
    const [parent] = stdout.trim().split('\n');
    const text = (name: string) => readFile(join(folder, `first-${name}`), 'utf8');
    const [alone, left, right] = await Promise.all(['alone', 'left', 'right'].map(text));
    expect(alone).toBe(`${parent} after nothing`);
    expect(left).toMatch(/ after alone$/);
    expect(right).toMatch(/ after alone$/);
    expect(new Set([parent, left!.split(' ')[0], right!.split(' ')[0]]).size).toBe(3);
  });
  it('says which part failed, and which parts there are', async () => {
    await expect(run('second', '--fail', 'right')).rejects.toThrow(/part right: its process ended with 1/);
    await expect(run('third', '--part', 'middle')).rejects.toThrow(/expected a part, one of alone, left, right; got middle/);
  });
  it('leaves no process behind when it is killed', async () => {
    const parent = spawn(process.execPath, ['--import', 'tsx', program, folder, 'fourth', '--stay', 'left'], { env, stdio: 'ignore' });
    const pidOf = async () => Number((await readFile(join(folder, 'fourth-left'), 'utf8').catch(() => '')).split(' ')[0]);
    while (parent.exitCode === null && (await pidOf()) === 0) await pause(25);
    const pid = await pidOf();
    const isAlive = (): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    expect(isAlive()).toBe(true);
    parent.kill('SIGKILL');
    for (let tries = 0; tries < 200 && isAlive(); tries++) await pause(25);
    expect(isAlive()).toBe(false);
  });
});
