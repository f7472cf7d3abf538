import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

import { programOf } from '@netspace/testing/program-of';
import { describe, expect, it } from 'vitest';

/** Runs a program that has selected wasm. */
async function program(code: string, threads: string) {
  const module = pathToFileURL(await programOf('packages/node/src/runtime/select-runtime.ts')).href;
  const start = `const { selectRuntime } = await import('${module}'); await selectRuntime({ prefer: 'wasm' });`;
  const env = { ...process.env, NETSPACE_THREADS: threads };
  return spawnSync(process.execPath, ['--input-type=module', '-e', `${start} ${code}`], { encoding: 'utf8', env });
}

describe.each(['1', '2'])('a program on wasm with %s threads', (threads) => {
  it('prints an uncaught error as Node does, and ends with its status', async () => {
    const { status, stderr } = await program("setTimeout(() => { throw new TypeError('mine') }, 1);", threads);
    expect(stderr).toMatch(/TypeError: mine\n\s+at /);
    expect(stderr).not.toMatch(/Aborted|RuntimeError|Build with/);
    expect(status).toBe(1);
  });

  it('has its own listeners called, once', async () => {
    const { status, stdout } = await program(
      "process.on('unhandledRejection', (error) => console.log('got', error.message)); void Promise.reject(new Error('mine')); setTimeout(() => process.exit(0), 200);",
      threads,
    );
    expect(stdout.trim()).toBe('got mine');
    expect(status).toBe(0);
  });
});
