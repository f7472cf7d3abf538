import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { isTensorflowInstalled } from '@netspace/testing';
import { programOf } from '@netspace/testing/program-of';
import { describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../scripts/golden.mjs', import.meta.url));

function run(program: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  return { status, stderr, last: stdout.trimEnd().split('\n').at(-1) };
}
/** What the script runs, bundled: it compiles all sources anew each time. */
const checks = async (...args: readonly string[]) => run(await programOf('golden/src/cli.ts'), ...args);

describe('npm run golden', () => {
  // run-golden.test.ts checks all data on cpu and wasm: here is the turn of tensorflow, where there is one.
  const installed = isTensorflowInstalled();
  it(`ends with the count, and with 0 where all pass, on ${installed ? 'tensorflow' : 'wasm'}`, { timeout: 200_000 }, () => {
    const { status, last } = run(script, '--runtime', ...(installed ? ['tensorflow'] : ['wasm', '--groups', 'optim']));
    expect(last).toMatch(installed ? /^[1-9]\d\d passed, 0 failed$/ : /^\d+ passed, 0 failed$/);
    expect(status).toBe(0);
  });
  it('ends with 1 where nothing ran', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'netspace-golden-'));
    try {
      expect(await checks(empty, '--runtime', 'cpu')).toMatchObject({ status: 1, last: '0 passed, 1 failed' });
    } finally {
      rmSync(empty, { recursive: true });
    }
  });
  it('refuses groups that there are not, naming those that there are', async () => {
    expect(await checks('--groups', 'nonsense')).toMatchObject({ status: 1, stderr: expect.stringMatching(/encdec.*nonsense/) });
  });
});
