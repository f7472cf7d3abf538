import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { withFolderLock } from './folder-lock.js';
import { isGone, lockOwner } from './lock-owner.js';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'netspace-lock-'))));
afterAll(() => rm(folder, { recursive: true }));

describe('withFolderLock', () => {
  it('lets one task in at a time, and leaves nothing behind', async () => {
    let inside = 0;
    const seen: number[] = [];
    const task = async () => {
      seen.push(++inside);
      await setTimeout(5);
      inside--;
    };
    await Promise.all([1, 2, 3].map(() => withFolderLock(join(folder, 'new'), task)));
    expect(seen).toEqual([1, 1, 1]);
    expect(await readdir(join(folder, 'new'))).toEqual([]);
  });

  it('frees the folder when the task fails', async () => {
    await expect(withFolderLock(folder, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withFolderLock(folder, () => Promise.resolve(1))).toBe(1);
  });

  it('takes over from a process that has died', async () => {
    await writeFile(join(folder, '.lock'), `${hostname()} 4194303`); // above Linux's highest process number
    expect(await withFolderLock(folder, () => Promise.resolve(2))).toBe(2);
  });

  it('does so at once, also when it may not wait', async () => {
    await writeFile(join(folder, '.lock'), `${hostname()} 4194303`);
    expect(await withFolderLock(folder, () => Promise.resolve(3), { timeoutMs: 0 })).toBe(3);
  });

  it('takes over from a process whose number another has now', async () => {
    const [host, pid] = (await lockOwner()).split(' ');
    await writeFile(join(folder, '.lock'), `${host} ${pid} 1`);
    expect(await isGone(`${host} ${pid} 1`)).toBe(process.platform === 'linux');
    if (process.platform === 'linux') expect(await withFolderLock(folder, () => Promise.resolve(4))).toBe(4);
    await rm(join(folder, '.lock'), { force: true });
  });

  it('takes over a lock that was never written whole, once it is old', async () => {
    const path = join(folder, '.lock');
    await writeFile(path, ''); // a full disk left these
    await expect(withFolderLock(folder, () => Promise.resolve(5), { timeoutMs: 1 })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const old = Date.now() / 1000 - 60;
    await utimes(path, old, old);
    expect(await withFolderLock(folder, () => Promise.resolve(5))).toBe(5);
  });

  it('takes over such a lock from tomorrow, as after the clock was set back, when it has seen it long enough', async () => {
    const path = join(folder, '.lock');
    await writeFile(path, '');
    const tomorrow = Date.now() / 1000 + 86_400;
    await utimes(path, tomorrow, tomorrow);
    expect(await withFolderLock(folder, () => Promise.resolve(6), { unnamedMs: 30, timeoutMs: 5000 })).toBe(6);
  });

  it('removes drafts of writers that were killed long ago, and no others', async () => {
    const [old, young] = ['a.0123456789ab.tmp', 'b.0123456789ab.tmp'].map((name) => join(folder, name));
    await writeFile(old!, '');
    await writeFile(young!, '');
    const before = Date.now() / 1000 - 7200;
    await utimes(old!, before, before);
    await withFolderLock(folder, () => Promise.resolve());
    expect(await readdir(folder)).toContain('b.0123456789ab.tmp');
    expect(await readdir(folder)).not.toContain('a.0123456789ab.tmp');
    await rm(young!);
  });

  it('gives up on a lock that stays, saying where it is', async () => {
    await writeFile(join(folder, '.lock'), `${hostname()} ${process.pid}`);
    const wait = withFolderLock(folder, () => Promise.resolve(3), { timeoutMs: 50 });
    await expect(wait).rejects.toMatchObject({ code: 'UNAVAILABLE', message: /remove .*\.lock if there is none/ });
    await writeFile(join(folder, '.lock'), 'elsewhere 1');
    await expect(withFolderLock(folder, () => Promise.resolve(3), { timeoutMs: 1 })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

describe('withFolderLock in several processes', () => {
  const root = fileURLToPath(new URL('../../../../', import.meta.url));

  /** Starts a process that waits for a task: `count` or `hold`. */
  async function start(): Promise<ChildProcess> {
    const child = fork(fileURLToPath(new URL('testing/folder-lock-child.ts', import.meta.url)), [join(folder, 'shared')], {
      execArgv: ['--import', createRequire(import.meta.url).resolve('tsx')],
      env: { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.json') },
    });
    expect(await once(child, 'message')).toContain('ready');
    return child;
  }

  it('lets one in at a time: no turn of theirs is lost, also where one dies with the lock in its hand', async () => {
    const children = await Promise.all([1, 2, 3].map(start));
    const [holder, ...counters] = children as [ChildProcess, ...ChildProcess[]];
    holder.send('hold');
    expect(await once(holder, 'message')).toContain('holding');
    const ended = counters.map((child) => once(child, 'exit'));
    for (const child of counters) child.send('count');
    await setTimeout(200);
    await expect(readFile(join(folder, 'shared', 'count'), 'utf8')).rejects.toThrow('ENOENT'); // nobody got in
    holder.kill('SIGKILL');
    expect((await Promise.all(ended)).map(([code]) => code as number)).toEqual([0, 0]);
    expect(await readFile(join(folder, 'shared', 'count'), 'utf8')).toBe('40');
    expect(await readdir(join(folder, 'shared'))).toEqual(['count']);
  });
});
