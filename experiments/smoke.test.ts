import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';

import { experimentNames, loadExperiment } from './shared/catalogue.js';
import { root } from './shared/machine.js';

interface Results {
  readonly experiment: string;
  readonly scale: string;
  readonly wallSeconds: number;
  readonly thresholds: readonly { readonly value: unknown }[];
  readonly figures: readonly string[];
}

const execute = promisify(execFile);

// Runs each experiment at its smoke scale, as its command does, on the runtime that every installation has.
describe('npm run experiment', () => {
  it('finds each experiment under its own name', async () => {
    for (const name of experimentNames()) expect((await loadExperiment(name)).name).toBe(name);
  });

  it.each(experimentNames())('%s --scale smoke', async (name) => {
    const out = await mkdtemp(join(tmpdir(), 'netspace-experiment-'));
    try {
      await execute(process.execPath, ['--import', 'tsx', `${root}experiments/main.ts`, name, '--scale', 'smoke', '--out', out], {
        cwd: root,
        env: { ...process.env, TSX_TSCONFIG_PATH: `${root}tsconfig.json`, NETSPACE_RUNTIME: 'wasm', NETSPACE_THREADS: '1' },
      });
      const { experiment, scale, thresholds, figures, wallSeconds } = JSON.parse(
        await readFile(join(out, name, 'results.json'), 'utf8'),
      ) as Results;
      expect({ experiment, scale }).toEqual({ experiment: name, scale: 'smoke' });
      expect(wallSeconds).toBeGreaterThan(0);
      for (const { value } of thresholds) expect(value).toEqual(expect.any(Number)); // not null, as which JSON writes NaN
      for (const figure of figures) expect((await readFile(join(out, name, figure))).length).toBeGreaterThan(100);
    } finally {
      await rm(out, { recursive: true, force: true });
    }
  });
});
