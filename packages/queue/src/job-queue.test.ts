import { setTimeout } from 'node:timers/promises';

import { redisProgram, redisServer, type RedisServer } from '@netspace/testing/redis-server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { checkQueueServer } from './connect.js';
import { type JobQueue, openJobQueue, type QueuedJob } from './job-queue.js';

const jobs: readonly QueuedJob<number>[] = [1, 2, 3, 4].map((data) => ({ key: String(data), data }));

describe.skipIf(redisProgram() === undefined)('openJobQueue on a real server', () => {
  let server: RedisServer;
  let queue: JobQueue<number>;
  let closing: (() => Promise<void>)[] = [];
  let count = 0;
  beforeAll(async () => void (server = await redisServer()));
  afterAll(() => server.stop());
  afterEach(async () => {
    for (const close of closing.reverse()) await close();
    closing = [];
  });

  async function open(options: { readonly lockMs?: number; readonly onOutage?: (problem: string | undefined) => void } = {}) {
    const opened = await openJobQueue<number>({ url: server.url, name: `test-${count}`, lockMs: 1000, ...options });
    closing.push(() => opened.close());
    return opened;
  }
  const start = async (): Promise<void> => {
    count++;
    queue = await open();
  };
  function work(from: JobQueue<number>, run: (data: number) => Promise<'done' | 'again'>, concurrency = 1): void {
    const working = from.work(concurrency, ({ data }) => run(data));
    closing.push(() => working.close());
  }
  async function counted(done: number[], data: number): Promise<'done'> {
    await setTimeout(1);
    done.push(data);
    return 'done';
  }
  async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
    for (let waits = 0; !(await holds()); waits++) {
      if (waits > 600) throw new Error('waited for half a minute in vain');
      await setTimeout(50);
    }
  }

  it('gives each job to one of two workers, and has none left', async () => {
    await start();
    await queue.add(jobs);
    await queue.add(jobs); // of another builder
    expect(await queue.counts()).toEqual({ waiting: 4, active: 0, failed: 0 });
    const done: number[] = [];
    const run = async (data: number) => {
      await setTimeout(50);
      done.push(data);
      return 'done' as const;
    };
    work(queue, run);
    work(await open(), run);
    await until(() => done.length === 4);
    await setTimeout(200);
    expect(done.sort()).toEqual([1, 2, 3, 4]);
    expect(await queue.counts()).toEqual({ waiting: 0, active: 0, failed: 0 });
  });

  it('keeps a job of twice the lock with the worker that has it', async () => {
    await start();
    let times = 0;
    const run = async () => {
      times++;
      return setTimeout(2500, 'done' as const);
    };
    work(queue, run);
    work(await open(), run);
    await queue.add(jobs.slice(0, 1));
    await until(() => times === 1);
    await until(async () => (await queue.counts()).active === 0);
    expect(times).toBe(1);
    expect(await queue.failed()).toEqual(new Map());
  });

  it('tells the error of a job that failed, and runs it again only if it is added again', async () => {
    await start();
    let poison = true;
    const done: number[] = [];
    work(queue, (data) => {
      if (data === 2 && poison) throw new Error('poison');
      return counted(done, data);
    });
    await queue.add(jobs);
    await until(() => done.length === 3);
    await until(async () => (await queue.failed()).size === 1);
    expect(await queue.failed()).toEqual(new Map([['2', 'poison']]));
    poison = false;
    await queue.add(jobs.slice(1, 2));
    await until(() => done.length === 4);
    await until(async () => (await queue.failed()).size === 0);
  });

  it('gives a job that is put back to another worker', async () => {
    await start();
    const done: number[] = [];
    let refusals = 0;
    const refusing = (await open()).work(1, () => {
      refusals++;
      return setTimeout(50, 'again' as const);
    });
    await queue.add(jobs.slice(0, 1));
    await until(() => refusals > 0);
    work(await open(), (data) => counted(done, data));
    await refusing.close();
    await until(() => done.length === 1);
    expect(await queue.failed()).toEqual(new Map());
  });

  it('goes on after the server was restarted, and says so', async () => {
    await start();
    const said: (string | undefined)[] = [];
    const done: number[] = [];
    work(await open({ onOutage: (problem) => said.push(problem) }), (data) => counted(done, data));
    await queue.add(jobs.slice(0, 2));
    await until(() => done.length === 2);
    await server.restart({ downMs: 1500 });
    await queue.add(jobs.slice(2));
    await until(() => done.length === 4);
    expect(done.sort()).toEqual([1, 2, 3, 4]);
    expect(said[0]).toMatch(/^redis:\/\/127.0.0.1:\d+: ECONN/);
    expect(said.at(-1)).toBe(undefined);
  });

  it('waits for a server whose memory is full, and says so', async () => {
    await start();
    const said: (string | undefined)[] = [];
    const told = await open({ onOutage: (problem) => said.push(problem) });
    const done: number[] = [];
    work(await open(), (data) => counted(done, data));
    await queue.add(jobs.slice(0, 2));
    await until(() => done.length === 2);
    expect(await server.command('CONFIG SET maxmemory 1')).toMatch(/OK/);
    const adding = told.add(jobs.slice(2));
    await until(() => said.length > 0);
    expect(said[0]).toMatch(/its memory is full; raise maxmemory/);
    expect(await server.command('CONFIG SET maxmemory 0')).toMatch(/OK/);
    await adding;
    await until(() => done.length === 4);
    expect(said.at(-1)).toBe(undefined);
    await until(async () => (await queue.counts()).active === 0);
    expect(await queue.failed()).toEqual(new Map());
  });

  it('keeps a text for everybody who has it open, until it is removed', async () => {
    await start();
    expect(await queue.told()).toBeUndefined();
    await (await open()).tell('well');
    expect(await queue.told()).toBe('well');
    await queue.remove();
    expect(await queue.told()).toBeUndefined();
  });

  it('tells of no worker of another database of the server, which has a queue of the same name', async () => {
    await start();
    const other = await openJobQueue<number>({ url: `${server.url}/3`, name: `test-${count}` });
    closing.push(() => other.close());
    work(other, () => Promise.resolve('done'));
    await until(async () => (await other.workers())!.length === 1);
    expect(await queue.workers()).toEqual([]);
  });

  it('refuses a server that is not there, one with another password, and what is no address, without repeating passwords', async () => {
    const url = 'redis://me:secret-word@127.0.0.1:1';
    const nobody = await openJobQueue({ url, name: 'test' }).catch((error: unknown) => error);
    expect(nobody).toMatchObject({ code: 'UNAVAILABLE', message: expect.stringMatching(/Redis or Valkey at redis:\/\/127.0.0.1:1, got ECONNREFUSED/) as unknown }); // prettier-ignore
    const guarded = await redisServer({ password: 'right', more: ['--user', 'alice', 'on', '>w%2F@der', '~*', '&*', '+@all'] });
    closing.push(() => guarded.stop());
    const wrong = await openJobQueue({ url: guarded.url, name: 'test', password: 'secret-word' }).catch((error: unknown) => error);
    expect(wrong).toMatchObject({ code: 'UNAVAILABLE', message: expect.stringMatching(/WRONGPASS|invalid username-password/) as unknown });
    const right = await openJobQueue({ url: guarded.url, name: 'test', password: 'right' });
    await right.close();
    const alice = await openJobQueue({ url: `redis://alice@127.0.0.1:${guarded.port}/3`, name: 'test', password: 'w%2F@der' });
    await alice.close();
    const none = await openJobQueue({ url: 'secret-word', name: 'test' }).catch((error: unknown) => error);
    expect(none).toMatchObject({ code: 'INVALID_OPTION' });
    const noNumber = {
      code: 'INVALID_OPTION',
      message: expect.stringMatching(/number of a database .*got "\/abc"; write redis:/) as unknown,
    };
    await expect(openJobQueue({ url: `${server.url}/abc`, name: 'test' })).rejects.toMatchObject(noNumber);
    await expect(checkQueueServer({ url: `${server.url}/15` })).resolves.toBeUndefined();
    const noSuch = {
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/DB index is out of range; name a database that it has/) as unknown,
    };
    await expect(checkQueueServer({ url: `${server.url}/16` })).rejects.toMatchObject(noSuch);
    expect(`${String(nobody)}${String(wrong)}${String(none)}`).not.toContain('secret-word');
    await expect(openJobQueue({ url, name: 'a:b' })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});
