import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { checkpointFile, directoryFiles, fileHandler } from '@netspace/node';
import { disposeInstances, isNetSpaceError } from '@netspace/prep';
import { randomAt } from '@netspace/train/internal';
import { initialize, openInstanceStore, siren } from '@netspace/zoo';

import { withFolderLock } from '../../packages/node/src/files/folder-lock.js';
import { readCheckpoint } from '../../packages/train/src/checkpoint/checkpoint.js';
import { endOf, sourceProcess, startChild } from './child.js';
import { resultOf, spaceWork, zooWork } from './kills.js';
import { tinySpace, tinyZoo } from './tiny-runs.js';
import type { TrialOptions, Trials } from './trial.js';

const execute = promisify(execFile);

/** Gives a task a folder of its own. */
async function inFolder<T>(task: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'netspace-machine-'));
  try {
    return await task(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a call is refused with; `taken` if it is not. */
async function refusalOf(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return 'taken';
  } catch (error) {
    return isNetSpaceError(error) ? error.code : String(error);
  }
}

/** A checkpoint cut at lengths spread over all it has: none is taken for whole, and the whole one goes on to the same bits. */
export const truncatedCheckpoints = ({ tries }: TrialOptions): Promise<Trials> =>
  inFolder(async (folder) => {
    const lost: string[] = [];
    await tinySpace(join(folder, 'whole'), { steps: 6 });
    await tinySpace(join(folder, 'cut'), { steps: 4 });
    const path = join(folder, 'cut', 'checkpoint.safetensors');
    const bytes = await readFile(path);
    for (let i = 0; i < tries; i++) {
      const length = Math.floor((i * bytes.length) / tries);
      await writeFile(path, bytes.subarray(0, length));
      const got = await refusalOf(() =>
        i % 50 === 0 ? tinySpace(join(folder, 'cut'), { steps: 6 }) : readCheckpoint(checkpointFile(path)),
      );
      if (got !== 'CORRUPT_FILE') lost.push(`checkpoint of ${length} bytes of ${bytes.length}: ${got}`);
    }
    await writeFile(path, bytes);
    await tinySpace(join(folder, 'cut'), { steps: 6 });
    if ((await resultOf(spaceWork, join(folder, 'cut'))) !== (await resultOf(spaceWork, join(folder, 'whole'))))
      lost.push('another result');
    return { tried: tries, lost };
  });

/** A network of a zoo, and its manifest, cut at lengths spread over all that they have. */
export const truncatedZoos = ({ tries }: TrialOptions): Promise<Trials> =>
  inFolder(async (folder) => {
    const lost: string[] = [];
    await tinyZoo(folder, { count: 2 });
    const store = openInstanceStore(directoryFiles(folder));
    const [first] = await store.list();
    for (const [file, share] of [
      [first!.file, Math.ceil(tries / 2)],
      ['manifest.json', Math.floor(tries / 2)],
    ] as const) {
      const bytes = await readFile(join(folder, file));
      for (let i = 0; i < share; i++) {
        const length = Math.floor((i * (bytes.length - 1)) / share); // without its last line end a manifest is whole
        await writeFile(join(folder, file), bytes.subarray(0, length));
        const got = await refusalOf(() => store.load(first!.name));
        if (got !== 'CORRUPT_FILE') lost.push(`${file} of ${length} bytes: ${got}`);
      }
      await writeFile(join(folder, file), bytes);
    }
    if ((await store.verify()).length > 0) lost.push('not whole again');
    return { tried: tries, lost };
  });

/** Whole files without the file that says what they are, or the other way round. */
export const copiedWithoutMarker = ({ tries }: TrialOptions): Promise<Trials> =>
  inFolder(async (folder) => {
    const lost: string[] = [];
    const [zoo, run] = [join(folder, 'zoo'), join(folder, 'run')];
    await tinyZoo(zoo, { count: 2 });
    await tinySpace(run, { steps: 2 });
    const weights = (await readdir(run)).find((name) => name.endsWith('.bin'))!;
    const expect = (what: string, got: unknown, wanted: unknown): void => {
      if (JSON.stringify(got) !== JSON.stringify(wanted)) lost.push(`${what}: ${JSON.stringify(got)}`);
    };
    const cases = [
      async (to: string) => {
        await cp(join(zoo, 'instances'), join(to, 'instances'), { recursive: true });
        expect('networks without a manifest', await openInstanceStore(directoryFiles(to)).list(), []);
        await tinyZoo(to, { count: 2 });
        expect('built over them', await resultOf(zooWork, to), await resultOf(zooWork, zoo));
      },
      async (to: string) => {
        await cp(join(zoo, 'manifest.json'), join(to, 'manifest.json'));
        const store = openInstanceStore(directoryFiles(to));
        expect('a manifest without networks', (await store.verify()).length, 2);
        expect('loaded', await refusalOf(() => store.load('box-0')), 'NOT_FOUND');
      },
      async (to: string) => {
        await cp(join(run, weights), join(to, weights));
        expect('weights without a space', await refusalOf(() => fileHandler(to).load!()), 'NOT_FOUND');
      },
      async (to: string) => {
        await cp(join(run, 'space.json'), join(to, 'space.json'));
        expect('a space without weights', await refusalOf(() => fileHandler(to).load!()), 'NOT_FOUND');
      },
      async (to: string) => {
        await cp(join(run, 'checkpoint.safetensors'), join(to, 'checkpoint.safetensors'));
        expect('the checkpoint of another run', await refusalOf(() => tinySpace(to, { steps: 4, seed: 9 })), 'INVALID_OPTION');
      },
    ];
    for (let i = 0; i < tries; i++) {
      const to = join(folder, String(i));
      await mkdir(to);
      await cases[i % cases.length]!(to);
    }
    return { tried: tries, lost };
  });

/** Mounts a small file system in memory for a task; undefined where nobody may. */
async function onSmallDisk<T>(size: string, task: (folder: string) => Promise<T>): Promise<T | undefined> {
  return inFolder(async (folder) => {
    try {
      await execute('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
    } catch {
      return undefined;
    }
    try {
      return await task(folder);
    } finally {
      await execute('umount', [folder]);
    }
  });
}

const NO_MOUNT: Trials = { tried: 0, lost: [], left: 'no right to mount a tmpfs' };

/** A disk that is full after some kilobytes of a zoo, and then has room again. */
export const fullDisk = async ({ tries, seed }: TrialOptions): Promise<Trials> => {
  const tried = await onSmallDisk('512k', async (disk) => {
    const lost: string[] = [];
    await tinyZoo(join(disk, 'whole'), { count: 6 });
    const expected = await resultOf(zooWork, join(disk, 'whole'));
    await rm(join(disk, 'whole'), { recursive: true });
    let refused = 0;
    for (let i = 0; i < tries; i++) {
      const [zoo, ballast] = [join(disk, 'zoo'), join(disk, 'ballast')];
      const random = randomAt(seed, 'disk', i);
      let kept = 0;
      await writeFile(ballast, new Uint8Array(512 * 1024 - 4096 * (1 + random.below(24)))).catch(() => undefined);
      const got = await refusalOf(() => tinyZoo(zoo, { count: 6, tell: (done) => (kept = done) }));
      if (got === 'UNAVAILABLE') refused++;
      else if (got !== 'taken') lost.push(`try ${i}: ${got}`);
      const found = await zooWork.found(zoo);
      if (found < kept) lost.push(`try ${i}: ${found} of ${kept} left`);
      await rm(ballast);
      await tinyZoo(zoo, { count: 6 });
      if ((await resultOf(zooWork, zoo)) !== expected) lost.push(`try ${i}: another result`);
      await rm(zoo, { recursive: true });
    }
    if (refused === 0) lost.push('the disk was never full');
    return { tried: tries, lost };
  });
  return tried ?? NO_MOUNT;
};

/** A zoo and a run that can be read only: nothing changes, what writes is refused, what reads works. */
export const readOnlyFolder = async ({ tries }: TrialOptions): Promise<Trials> => {
  const tried = await onSmallDisk('4m', async (disk) => {
    const lost: string[] = [];
    for (let i = 0; i < tries; i++) {
      const [zoo, run] = [join(disk, `zoo-${i}`), join(disk, `run-${i}`)];
      await tinyZoo(zoo, { count: 2 });
      await tinySpace(run, { steps: 2 });
      await execute('mount', ['-o', 'remount,ro', disk]);
      const calls = { more: () => tinyZoo(zoo, { count: 3 }), train: () => tinySpace(run, { steps: 4 }), add: () => addTo(zoo, 'more') };
      for (const [name, call] of Object.entries(calls)) {
        const got = await refusalOf(call);
        if (got !== 'UNAVAILABLE') lost.push(`${name}: ${got}`);
      }
      if ((await refusalOf(() => tinyZoo(zoo, { count: 2 }))) !== 'taken') lost.push('a finished zoo cannot be opened');
      if ((await zooWork.found(zoo)) !== 2 || (await spaceWork.found(run)) !== 2) lost.push('not what it was');
      await execute('mount', ['-o', 'remount,rw', disk]);
    }
    return { tried: tries, lost };
  });
  return tried ?? NO_MOUNT;
};

async function addTo(zoo: string, name: string): Promise<void> {
  const architecture = siren({ hidden: 2, layers: 0 });
  const instance = { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) };
  try {
    await openInstanceStore(directoryFiles(zoo)).add({ name, instance, epochs: 1, seed: 1, metrics: {} });
  } finally {
    disposeInstances([instance]);
  }
}

/** Two processes that build the same zoo, and this one, which adds to it meanwhile. */
export const twoProcesses = ({ tries }: TrialOptions): Promise<Trials> =>
  inFolder(async (folder) => {
    const lost: string[] = [];
    for (let i = 0; i < tries; i++) {
      const zoo = join(folder, String(i));
      const children = await Promise.all([1, 2].map(() => startChild('kill-child.ts', ['zoo', zoo])));
      const ends = children.map(endOf);
      for (const child of children) child.send('go');
      for (const name of ['one', 'two', 'three']) await addTo(zoo, name);
      const codes = await Promise.all(ends);
      if (!codes.includes(0) || codes.some((code) => code !== 0 && code !== 1)) lost.push(`try ${i}: ended with ${codes}`);
      const found = await zooWork.found(zoo);
      if (found !== 27) lost.push(`try ${i}: ${found} of 27 networks`);
    }
    return { tried: tries, lost };
  });

/** Files from tomorrow, as after the clock was set back, and a clock that is set back while a zoo is built. */
export const clockGoesBack = ({ tries }: TrialOptions): Promise<Trials> =>
  inFolder(async (folder) => {
    const lost: string[] = [];
    await tinyZoo(join(folder, 'whole'), { count: 4 });
    const expected = await resultOf(zooWork, join(folder, 'whole'));
    const { now } = Date;
    for (let i = 0; i < tries; i++) {
      const zoo = join(folder, String(i));
      await tinyZoo(zoo, { count: 2 });
      const draft = join(zoo, 'instances', 'box-9.safetensors.0123456789ab.tmp');
      for (const path of [draft, join(zoo, '.lock')]) await writeFile(path, '');
      const tomorrow = now() / 1000 + 86_400;
      for (const name of await readdir(zoo, { recursive: true })) await utimes(join(zoo, name), tomorrow, tomorrow);
      await withFolderLock(zoo, () => Promise.resolve(), { unnamedMs: 50, timeoutMs: 20_000 }); // the lock names nobody
      let back = 0;
      Date.now = () => now() - 3_600_000 * back++;
      try {
        await tinyZoo(zoo, { count: 4 });
      } finally {
        Date.now = now;
      }
      if ((await resultOf(zooWork, zoo)) !== expected) lost.push(`try ${i}: another result`);
      if ((await readdir(join(zoo, 'instances'))).some((name) => name.endsWith('.tmp'))) lost.push(`try ${i}: a draft stays`);
      await zooWork.found(zoo);
    }
    return { tried: tries, lost };
  });

/** No file can be opened any more, or only a few. */
export const noDescriptors = ({ tries }: TrialOptions): Promise<Trials> =>
  inFolder(async (folder) => {
    const lost: string[] = [];
    let refused = 0;
    for (let free = 0; free < tries; free++) {
      const child = await startChild('descriptors-child.ts', [join(folder, String(free)), String(free % 8)], { descriptors: 128 });
      const [message] = (await once(child, 'message')) as [{ readonly lost: readonly string[]; readonly refused: number }];
      refused += message.refused;
      lost.push(...message.lost.map((problem) => `${free} free: ${problem}`));
      await endOf(child);
    }
    if (refused === 0) lost.push('nothing was ever refused');
    return { tried: tries, lost };
  });

/** SIGINT, and again while the command saves its work. */
export const interruptedTwice = ({ tries, seed }: TrialOptions): Promise<Trials> =>
  inFolder(async (folder) => {
    const lost: string[] = [];
    await tinyZoo(join(folder, 'zoo'), { count: 3 });
    const space = { embeddingSize: 16, grid: 4, encoderWidth: 2, decoderChannels: 4, decoderWidth: 8, decoderHidden: 4 };
    const config = { zoo: join(folder, 'zoo'), space, batch: { nets: 2 }, task: { kind: 'weights' }, readEvery: 1, checkpointEvery: 2 };
    await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, steps: 40, seed: 2 }));
    const train = (to: string, ...more: readonly string[]) => {
      const { command, args, options } = sourceProcess('packages/node/src/cli/main.ts');
      const all = [...args, 'train', join(folder, 'config.json'), '--out', join(folder, to), '--runtime', 'cpu', '--quiet', ...more];
      return spawn(command, all, { ...options, stdio: ['ignore', 'ignore', 'inherit'] });
    };
    await endOf(train('whole'));
    const expected = await resultOf(spaceWork, join(folder, 'whole'));
    for (let i = 0; i < tries; i++) {
      const random = randomAt(seed, 'interrupt', i);
      const child = train(String(i));
      const place = join(folder, String(i));
      const wanted = 2 + 2 * random.below(15);
      while (child.exitCode === null && (await spaceWork.found(place).catch(() => 0)) < wanted) await pause(10);
      child.kill('SIGINT');
      await pause(random.below(20));
      child.kill('SIGINT');
      const code = await endOf(child);
      // The second signal ends the process by itself when the first has been heard.
      if (code !== 130 && code !== 0 && code !== 'SIGINT') lost.push(`try ${i}: ended with ${code}`);
      if ((await spaceWork.found(place)) < wanted && code !== 0) lost.push(`try ${i}: steps are gone`);
      await endOf(train(String(i), '--resume'));
      if ((await resultOf(spaceWork, place)) !== expected) lost.push(`try ${i}: another result`);
    }
    return { tried: tries, lost };
  });

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
