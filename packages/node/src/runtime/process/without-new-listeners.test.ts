import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../../..', import.meta.url));
const module = new URL('../select-runtime.ts', import.meta.url).href;

/** Runs a program that has selected wasm. */
const program = (code: string, threads: string) =>
  spawnSync(
    process.execPath,
    [
      '--import',
      'tsx',
      '--input-type=module',
      '-e',
      `const { selectRuntime } = await import('${module}'); await selectRuntime({ prefer: 'wasm' }); ${code}`,
    ],
    {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, NETSPACE_THREADS: threads, TSX_TSCONFIG_PATH: `${root}/tsconfig.json` },
    },
  );

describe.each(['1', '2'])('a program on wasm with %s threads', (threads) => {
  it('prints an uncaught error as Node does, and ends with its status', () => {
    const { status, stderr } = program("setTimeout(() => { throw new TypeError('mine') }, 1);", threads);
    expect(stderr).toMatch(/TypeError: mine\n\s+at /);
    expect(stderr).not.toMatch(/Aborted|RuntimeError|Build with/);
    expect(status).toBe(1);
  });

  it('has its own listeners called, once', () => {
    const { status, stdout } = program(
      "process.on('unhandledRejection', (error) => console.log('got', error.message)); void Promise.reject(new Error('mine')); setTimeout(() => process.exit(0), 200);",
      threads,
    );
    expect(stdout.trim()).toBe('got mine');
    expect(status).toBe(0);
  });
});
