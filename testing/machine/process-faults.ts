import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { randomAt } from '@netspace/train/internal';

import { withFolderLock } from '../../packages/node/src/files/folder-lock.js';
import { endOf, sourceProcess, startChild } from './child.js';
import { addTo, inFolder } from './in-folder.js';
import { resultOf, spaceWork, zooWork } from './kills.js';
import { tinyZoo } from './tiny-runs.js';
import type { TrialOptions, Trials } from './trial.js';

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
      const drafts = ['manifest.json.0123456789ab.tmp', 'instances/box-9.safetensors.0123456789ab.tmp'].map((name) => join(zoo, name));
      await mkdir(join(zoo, 'instances')); // of networks that are too large to share a file
      for (const path of [...drafts, join(zoo, '.lock')]) await writeFile(path, '');
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
      if ((await readdir(zoo, { recursive: true })).some((name) => name.endsWith('.tmp'))) lost.push(`try ${i}: a draft stays`);
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
    const { command, args, options } = await sourceProcess('packages/node/src/cli/main.ts');
    const train = (to: string, ...more: readonly string[]) => {
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
