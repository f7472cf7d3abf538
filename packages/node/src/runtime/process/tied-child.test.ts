import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import { programOf } from '@netspace/testing/program-of';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const bare = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('MALLOC_')));

let folder: string;
let module: string; // compiled: tsx, as a preload, has a handler of signals of its own in every process with a channel
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netspace-tied-'));
  module = pathToFileURL(await programOf('packages/node/src/runtime/process/respawn.ts')).href;
});
afterAll(() => rm(folder, { recursive: true }));

let programs = 0;

/** Starts lines behind a respawn, in a process group of its own. They `say` words, the first being that they run. */
async function start(lines: string) {
  const file = join(folder, `said-${programs++}`);
  const source = `
    import { appendFileSync } from 'node:fs';
    import { respawnForSpeed } from ${JSON.stringify(module)};
    await respawnForSpeed();
    const say = (word) => appendFileSync(${JSON.stringify(file)}, word + '\\n');
    setTimeout(() => process.exit(9), 20_000); // a test that fails leaves nothing running
    ${lines}
    say(process.pid);`;
  const args = ['--input-type=module', '-e', source];
  const parent = spawn(process.execPath, args, { env: bare, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
  const ended = once(parent, 'exit').then(([status]) => status as number | null);
  const words = async (): Promise<string[]> => (await readFile(file, 'utf8').catch(() => '')).split('\n').slice(0, -1);
  const until = async (count: number): Promise<string[]> => {
    for (let tries = 0; tries < 400 && (await words()).length < count; tries++) await pause(25);
    return words();
  };
  const [child] = await until(1);
  expect(Number(child)).not.toBe(parent.pid);
  return { parent: parent.pid!, child: Number(child), ended, until };
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const LISTENS = "for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, say);";

describe.runIf(process.platform === 'linux')('a respawned program', { timeout: 60_000 }, () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('hears a %s that is sent to its parent alone', async (name) => {
    const { parent, until, ended } = await start(`process.once('${name}', () => { say('${name}'); process.exit(5); });`);
    process.kill(parent, name);
    expect((await until(2)).slice(1)).toEqual([name]);
    expect(await ended).toBe(5);
  });
  it('hears once what a terminal sends to both, however long it computes meanwhile', async () => {
    const blocks = "process.on('SIGINT', () => { for (const end = Date.now() + 600; Date.now() < end; ); });";
    const { parent, until, ended } = await start(`${LISTENS} ${blocks} setTimeout(() => { say('end'); process.exit(0); }, 2500);`);
    process.kill(-parent, 'SIGINT');
    expect(await ended).toBe(0);
    expect((await until(3)).slice(1)).toEqual(['SIGINT', 'end']);
  });
  it('is ended by the second signal to its parent in the middle of a computation', async () => {
    const { parent, child, until, ended } = await start("process.once('SIGINT', () => { say('heard'); for (;;); });");
    process.kill(parent, 'SIGINT');
    await until(2);
    process.kill(parent, 'SIGINT'); // npx sends on what the terminal has sent
    await pause(1200);
    expect(isAlive(child)).toBe(true);
    process.kill(parent, 'SIGINT');
    expect(await ended).toBe(130);
  });
  it('gets a SIGTERM when its parent is killed', async () => {
    const { parent, until } = await start(LISTENS);
    process.kill(parent, 'SIGKILL');
    const [child, ...heard] = await until(2);
    expect(heard).toEqual(['SIGTERM']);
    process.kill(Number(child), 'SIGKILL');
  });
  it('saves its work in peace when its parent is killed after a signal', async () => {
    const { parent, until, ended } = await start("process.once('SIGTERM', () => { say('saving'); setTimeout(() => { say('saved'); process.exit(); }, 700); });"); // prettier-ignore
    process.kill(-parent, 'SIGTERM');
    await until(2);
    process.kill(parent, 'SIGKILL');
    await ended;
    expect((await until(3)).slice(1)).toEqual(['saving', 'saved']);
  });
  it('ends by its parent’s end where it listens to no signal', async () => {
    const { parent, child } = await start('');
    process.kill(parent, 'SIGKILL');
    for (let tries = 0; tries < 200 && isAlive(child); tries++) await pause(25);
    expect(isAlive(child)).toBe(false);
  });
});
