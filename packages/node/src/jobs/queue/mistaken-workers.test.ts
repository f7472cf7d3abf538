import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { openJobQueue } from '@netspace/queue';
import { endOf, programOf } from '@netspace/testing/program-of';
import { redisProgram, redisServer, type RedisServer } from '@netspace/testing/redis-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { jobFolder } from '../folder/job-folder.js';
import { tinyRecipe, zooFiles } from '../testing/zoo-files.js';
import { makeBeat, watchBeat } from './beat.js';

describe.skipIf(redisProgram() === undefined)('workers and builders that were started by mistake', () => {
  let root: string;
  let main: string;
  let server: RedisServer;
  let expected: Readonly<Record<string, string>>;
  const children: ChildProcess[] = [];
  const at = (...names: readonly string[]): string => join(root, ...names);

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'netspace-mistaken-'));
    main = await programOf('packages/node/src/cli/main.ts');
    await programOf('packages/node/src/jobs/job-main.ts'); // which the command finds beside it
    server = await redisServer({ keeps: false });
    await writeFile(at('recipe.json'), JSON.stringify({ groups: [{ ...tinyRecipe.groups[0], seeds: 2, lengths: [1, 100] }] }));
    expect((await build('alone').ended).code).toBe(0);
    expected = await zooFiles(at('alone'));
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await server.stop();
    await rm(root, { recursive: true });
  });

  function netspace(...args: readonly string[]) {
    const env = { ...process.env, NETSPACE_RUNTIME: 'wasm', NETSPACE_THREADS: '1' };
    const child = spawn(process.execPath, [main, ...args, '--json'], { env, cwd: root });
    children.push(child);
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    return { child, ended: endOf(child), said: () => stderr };
  }
  const build = (zoo: string, ...more: readonly string[]) =>
    netspace('zoo', 'build', 'recipe.json', '--out', zoo, '--train-images', '100', '--test-images', '20', ...more);
  const worker = (zoo: string, queue = server.url) => netspace('worker', '--queue', queue, '--out', zoo, '--lock', '1');

  async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
    for (let waits = 0; !(await holds()); waits++) {
      if (waits > 1200) throw new Error('waited for a minute in vain');
      await setTimeout(50);
    }
  }
  const refusal = async ({ ended }: ReturnType<typeof netspace>) => {
    const { code, stdout } = await ended;
    expect(code).toBe(1);
    return (JSON.parse(stdout) as { readonly error: { readonly message: string } }).error.message;
  };

  it('of a copy of the folder, or of another database, are refused, and the build goes on with a worker that sees its folder elsewhere', async () => {
    const early = worker('zoo', `${server.url}/3`); // before there is a build
    await until(() => early.said().includes(`waiting for a command with --queue in ${at('zoo')}`));
    const builder = build('zoo', '--queue', server.url);
    await until(() => existsSync(at('zoo', '.jobs', 'beat')));
    for (const name of ['plan.json', 'beat']) await cp(at('zoo', '.jobs', name), at('copy', '.jobs', name)); // others come and go
    const [otherQueue, otherFolder] = await Promise.all([refusal(early), refusal(worker('copy'))]);
    expect(otherQueue).toMatch(/expected --queue to be that of the command, got another server or database/);
    expect(otherFolder).toMatch(/expected --out to be the folder in which the command looks for results, got another one, \/.*copy/);
    await symlink(at('zoo'), at('mounted'));
    const { stdout } = await worker('mounted').ended;
    expect(JSON.parse(stdout)).toMatchObject({ failed: 0 });
    expect((await builder.ended).code).toBe(0);
    expect(await zooFiles(at('zoo'))).toEqual(expected);
  });

  it.runIf(process.platform === 'linux')('end by a second Ctrl-C without a process left; a builder says who goes on, and how', async () => {
    const builder = build('twice', '--queue', server.url);
    const hasty = worker('twice');
    const hasJob = (): boolean => namesAProcess('job-main', 'twice');
    await until(() => hasJob());
    hasty.child.kill('SIGINT');
    await until(() => hasty.said().includes('Ctrl-C once more ends it at once'));
    hasty.child.kill('SIGINT');
    builder.child.kill('SIGINT');
    await hasty.ended;
    await until(() => !hasJob());
    const { code, stdout } = await builder.ended;
    expect([code, stdout]).toEqual([130, expect.stringMatching(/workers go on with the jobs in the queue; go on with: /)]);
  });

  it('without a server are refused before they wait or leave a folder, and zoo retry knows a zoo that is none', async () => {
    const gone = 'redis://127.0.0.1:1';
    const refusals = await Promise.all(
      [build('none', '--queue', gone), worker('none', gone), netspace('zoo', 'retry', 'none')].map(refusal),
    );
    for (const message of refusals.slice(0, 2)) expect(message).toMatch(/got ECONNREFUSED; start one there/);
    expect(refusals[2]).toMatch(/zoo retry: expected a zoo in none, got none/);
    expect(existsSync(at('none'))).toBe(false);
  });

  it('hear a beat that is in the folder and in the queue, and notice where it is not', async () => {
    const open = (name: string) => openJobQueue<never>({ url: server.url, name });
    const [queue, other] = [await open('beats'), await open('others')];
    const [folder, copy] = [jobFolder(at('beats')), jobFolder(at('copied'))];
    const { beat } = makeBeat({ folder, queue }, 0);
    const told: Record<string, () => string> = {
      well: watchBeat({ folder, queue }, 500),
      'not in the folder': watchBeat({ folder: copy, queue }, 500),
      'not in the queue': watchBeat({ folder, queue: other }, 500),
      nowhere: watchBeat({ folder: copy, queue: other }, 500),
    };
    for (let beats = 0; beats < 30; beats++) {
      beat();
      for (const look of Object.values(told)) look();
      await setTimeout(30);
    }
    expect(Object.values(told).map((look) => look())).toEqual(Object.keys(told));
    for (const each of [queue, other]) await each.close();
  });
});

/** Whether a process runs whose command line has these words. */
const namesAProcess = (...words: readonly string[]): boolean =>
  readdirSync('/proc').some((pid) => {
    try {
      const line = /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
      return words.every((word) => line.includes(word));
    } catch {
      return false; // it has just ended
    }
  });
