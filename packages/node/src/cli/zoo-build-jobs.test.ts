import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { endOf, programOf } from '@netspace/testing/program-of';
import { openInstanceStore } from '@netspace/zoo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { directoryFiles } from '../files/directory-files.js';
import { tinyRecipe, zooFiles } from '../jobs/testing/zoo-files.js';
import { nextStep } from './next-steps.js';

let root: string;
let main: string;
let recipe: string;
let expected: Readonly<Record<string, string>>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'netspace-concurrency-'));
  main = await programOf('packages/node/src/cli/main.ts');
  await programOf('packages/node/src/jobs/job-main.ts'); // which the command finds beside it
  recipe = join(root, 'recipe.json');
  // Five jobs of a second or so for two workers, so that a signal after the first meets a build that is not yet done.
  await writeFile(recipe, JSON.stringify({ groups: [{ ...tinyRecipe.groups[0], seeds: 5, lengths: [1, 200] }] }));
  const zoo = await folderOf('alone');
  expect((await build(zoo).ended).code).toBe(0);
  expected = await zooFiles(zoo);
});
afterAll(() => rm(root, { recursive: true }));

const folderOf = (name: string): Promise<string> => mkdtemp(join(root, `${name}-`));

function netspace(...args: readonly string[]) {
  const env = { ...process.env, NETSPACE_RUNTIME: 'wasm', NETSPACE_THREADS: undefined }; // all threads where it runs no jobs
  const child = spawn(process.execPath, [main, ...args, '--json'], { env });
  return { child, ended: endOf(child) };
}
const build = (zoo: string, ...more: readonly string[]) =>
  netspace('zoo', 'build', recipe, '--out', zoo, '--train-images', '100', '--test-images', '20', ...more);
const printed = async (...args: readonly string[]): Promise<unknown> => JSON.parse((await netspace(...args).ended).stdout) as unknown;

/** Whether a process runs whose command line names a zoo: the workers of its build. */
const isWorkedOn = (zoo: string): boolean =>
  readdirSync('/proc').some((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(zoo);
    } catch {
      return false; // it has just ended
    }
  });

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let waits = 0; !(await holds()); waits++) {
    if (waits > 2400) throw new Error('waited for two minutes in vain');
    await setTimeout(50);
  }
}
const hasNetworks = async (zoo: string): Promise<boolean> => (await openInstanceStore(directoryFiles(zoo)).list()).length > 0;

describe('netspace zoo build --concurrency', () => {
  it('gives the same files as one process, with as many threads as there are', async () => {
    const zoo = await folderOf('two');
    const { code, stdout } = await build(zoo, '--concurrency', '2').ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ added: 10 });
    expect(await zooFiles(zoo)).toEqual(expected);
    expect(await printed('zoo', 'status', zoo)).toEqual({ zoo, state: 'done', networks: 10, total: 10, waiting: 0, setAside: [] });
  });

  it.runIf(process.platform === 'linux')('is stopped by Ctrl-C with all its processes, says how to go on, and goes on', async () => {
    const zoo = await folderOf('stopped');
    const { child, ended } = build(zoo, '--concurrency', '2');
    await until(() => hasNetworks(zoo));
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect([code, stderr]).toEqual([
      130,
      expect.stringMatching(/those in training go on from their last checkpoint .*; go on with: netspace zoo build .* --concurrency 2/),
    ]);
    await until(() => !isWorkedOn(zoo));
    expect(await printed('zoo', 'status', zoo)).toMatchObject({ state: 'stopped', total: 10 });
    expect((await build(zoo, '--concurrency', '2').ended).code).toBe(0);
    expect(await zooFiles(zoo)).toEqual(expected);
  });

  it.runIf(process.platform === 'linux')('leaves no process behind where it is killed, and goes on', async () => {
    const zoo = await folderOf('killed');
    const { child } = build(zoo, '--concurrency', '2');
    await until(() => hasNetworks(zoo));
    child.kill('SIGKILL');
    await until(() => !isWorkedOn(zoo));
    expect(await printed('zoo', 'status', zoo)).toMatchObject({ state: 'died', total: 10 });
    expect((await build(zoo, '--concurrency', '2').ended).code).toBe(0);
    expect(await zooFiles(zoo)).toEqual(expected);
  });
});

describe('netspace zoo status and retry', () => {
  it('show what was set aside, and put it back', async () => {
    const zoo = await folderOf('aside');
    const wild = join(root, 'wild.json');
    await writeFile(wild, JSON.stringify({ groups: tinyRecipe.groups.slice(2) }));
    const args = ['zoo', 'build', wild, '--out', zoo, '--train-images', '100', '--test-images', '20', '--concurrency', '1'];
    expect(await printed(...args)).toMatchObject({ error: { code: 'DIVERGED' } });
    const title = 'wild-lenet-like-1x28x28-10-w0.1 of seed 0';
    const setAside = [{ title, tries: 1, names: ['wild-lenet-like-1x28x28-10-w0.1-s0-n60'], error: { code: 'DIVERGED' } }];
    expect(await printed('zoo', 'status', zoo)).toMatchObject({ state: 'failed', networks: 1, total: 2, setAside });
    const nextOf = (command: string, call: object) => nextStep(command, { args: [], options: {}, ...call });
    const retry = `next: netspace zoo retry ${zoo} `;
    for (const command of ['zoo status', 'zoo list']) expect(await nextOf(command, { args: [zoo] })).toContain(retry);
    expect(await nextOf('worker', { options: { out: zoo } })).toContain(retry);
    expect(await printed('zoo', 'retry', zoo)).toMatchObject({ putBack: [{ title }] });
    expect(await printed('zoo', 'status', zoo)).toMatchObject({ setAside: [] });
    expect(await nextOf('worker', { options: { out: zoo } })).toContain(`zoo list ${zoo} `);
    expect(await printed('zoo', 'status', join(root, 'nothing'))).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });
});
