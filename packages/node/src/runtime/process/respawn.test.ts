import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { recommendedEnvironment } from './recommended-environment.js';

const module = fileURLToPath(new URL('respawn.ts', import.meta.url));
const bare = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('MALLOC_')));

/** Runs a few lines behind a respawn, in a process without memory settings. */
async function run(lines: string, env: NodeJS.ProcessEnv = bare) {
  const source = `import { respawnForSpeed } from ${JSON.stringify(module)};\nawait respawnForSpeed({ FURTHER: 'yes' });\n${lines}`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [status, signal]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { output, status: status as number | null, signal: signal as string | null };
}

describe('respawnForSpeed', { timeout: 60_000 }, () => {
  it('runs the program once, with the settings', async () => {
    const { output, status } = await run('console.log(process.env.MALLOC_MMAP_MAX_, process.env.FURTHER); process.exitCode = 7;');
    expect({ output, status }).toEqual({ output: `${recommendedEnvironment({})['MALLOC_MMAP_MAX_']} yes\n`, status: 7 });
  });
  it('leaves a process alone that has them', async () => {
    const { output } = await run('console.log(process.env.FURTHER);', { ...bare, ...recommendedEnvironment({}) });
    expect(output).toBe('undefined\n');
  });
  it('ends with 128 + the number of the signal that ended the program', async () => {
    const { status, signal } = await run("process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});");
    expect({ status, signal }).toEqual({ status: 137, signal: null });
  });
});
