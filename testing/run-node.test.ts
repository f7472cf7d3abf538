import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const scripts = new URL('../scripts/bootstrap.mjs', import.meta.url).href;

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'netspace-run-node-'))));
afterAll(() => rm(folder, { recursive: true }));

/** Runs testing/runtimes/signals-child.ts as a script of the repository runs its programs. */
async function start(name: string) {
  const file = join(folder, name);
  const source = `const { runNode } = await import('${scripts}'); process.exitCode = await runNode('testing/runtimes/signals-child.ts', ['${file}']);`;
  const script = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: 'inherit', detached: true });
  const ended = once(script, 'exit').then(([status]) => status as number | null);
  const until = async (count: number): Promise<readonly string[]> => {
    let words: readonly string[] = [];
    for (let tries = 0; tries < 400 && words.length < count; tries++) {
      words = (await readFile(file, 'utf8').catch(() => '')).split('\n').slice(0, -1);
      await pause(25);
    }
    return words;
  };
  await until(1);
  return { pid: script.pid!, ended, until };
}

describe.runIf(process.platform === 'linux')('a program that a script of the repository runs', { timeout: 60_000 }, () => {
  it('hears once what is sent to the script alone, or to both by a terminal', async () => {
    for (const sign of [1, -1]) {
      const { pid, ended, until } = await start(`interrupted ${sign}`);
      process.kill(sign * pid, 'SIGINT');
      expect(await ended).toBe(3);
      expect((await until(3)).slice(1)).toEqual(['SIGINT', 'end']);
    }
  });
  it('saves its work and ends when the script is killed', async () => {
    const { pid, until } = await start('killed');
    process.kill(pid, 'SIGKILL');
    expect((await until(3)).slice(1)).toEqual(['SIGTERM', 'end']);
  });
});
