import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { isTensorflowInstalled } from '@netspace/testing';
import { describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../scripts/golden.mjs', import.meta.url));

const golden = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  return { status, stderr, last: stdout.trimEnd().split('\n').at(-1) };
};

describe('npm run golden', () => {
  // run-golden.test.ts checks all data on cpu and wasm: here is the turn of tensorflow, where there is one.
  const installed = isTensorflowInstalled();
  it(`ends with the count, and with 0 where all pass, on ${installed ? 'tensorflow' : 'wasm'}`, { timeout: 200_000 }, () => {
    const { status, last } = installed ? golden('--runtime', 'tensorflow') : golden('--runtime', 'wasm', '--groups', 'optim');
    expect(last).toMatch(installed ? /^[1-9]\d\d passed, 0 failed$/ : /^\d+ passed, 0 failed$/);
    expect(status).toBe(0);
  });
  it('ends with 1 where nothing ran', () => {
    const empty = mkdtempSync(join(tmpdir(), 'netspace-golden-'));
    try {
      expect(golden(empty, '--runtime', 'cpu')).toMatchObject({ status: 1, last: '0 passed, 1 failed' });
    } finally {
      rmSync(empty, { recursive: true });
    }
  });
  it('refuses groups that there are not, naming those that there are', () => {
    expect(golden('--groups', 'nonsense')).toMatchObject({ status: 1, stderr: expect.stringMatching(/encdec.*nonsense/) });
  });
});
