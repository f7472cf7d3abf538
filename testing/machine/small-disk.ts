import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { randomAt } from '@netspace/train/internal';

import { addTo, inFolder, refusalOf } from './in-folder.js';
import { resultOf, spaceWork, zooWork } from './kills.js';
import { tinySpace, tinyZoo } from './tiny-runs.js';
import type { TrialOptions, Trials } from './trial.js';

const execute = promisify(execFile);

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
      await writeFile(ballast, new Uint8Array(512 * 1024 - 4096 * (1 + random.below(8)))).catch(() => undefined);
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
