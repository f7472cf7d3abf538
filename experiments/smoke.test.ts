import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { programOf } from '@netspace/testing/program-of';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { experimentNames, loadExperiment } from './shared/catalog.js';
import { root } from './shared/root.js';
import { runExperiment, runPart } from './shared/run-experiment.js';

interface Results {
  readonly experiment: string;
  readonly scale: string;
  readonly wallSeconds: number;
  readonly processes: number;
  readonly stages: Readonly<Record<string, unknown>>;
  readonly thresholds: readonly { readonly value: unknown }[];
  readonly figures: readonly string[];
  readonly results: unknown;
}

const execute = promisify(execFile);

/** The runtime that every installation has. */
const environment = { NETSPACE_RUNTIME: 'wasm', NETSPACE_THREADS: '1' };

/** Runs an experiment at its smoke scale by its command. */
const run = async (name: string, out: string, ...options: readonly string[]) =>
  execute(process.execPath, [await programOf('experiments/main.ts'), name, '--scale', 'smoke', '--out', out, ...options], {
    cwd: root,
    env: { ...process.env, ...environment },
  });

const resultsOf = async (name: string, out: string): Promise<Results> =>
  JSON.parse(await readFile(join(out, name, 'results.json'), 'utf8')) as Results;

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'netspace-experiment-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('npm run experiment', () => {
  /** One folder for all, as `out/experiments` is: several learn from the same zoos, and look at the same spaces. */
  let shared: string;
  beforeAll(async () => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    shared = await mkdtemp(join(tmpdir(), 'netspace-experiments-'));
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(shared, { recursive: true, force: true });
  });

  it('finds each experiment under its own name', async () => {
    for (const name of experimentNames()) expect((await loadExperiment(name)).name).toBe(name);
  });

  /** In this process, since starting one takes as long as an experiment. */
  async function runHere(name: string): Promise<void> {
    const options = {
      scale: 'smoke',
      seed: 0,
      out: shared,
      signal: new AbortController().signal,
      log: () => undefined,
      processes: 1,
    } as const;
    await runExperiment(await loadExperiment(name), options);
    const { experiment, scale, thresholds, figures, wallSeconds } = await resultsOf(name, shared);
    expect({ experiment, scale }).toEqual({ experiment: name, scale: 'smoke' });
    expect(wallSeconds).toBeGreaterThan(0);
    for (const { value } of thresholds) expect(value).toEqual(expect.any(Number)); // not null, as which JSON writes NaN
    for (const figure of figures) expect((await readFile(join(shared, name, figure))).length).toBeGreaterThan(100);
  }

  // multi-arch is below; pretrained-classifiers is pretrained-digits on other images.
  it.each(experimentNames().filter((name) => !['multi-arch', 'pretrained-classifiers'].includes(name)))('%s --scale smoke', runHere);

  it('multi-arch --scale smoke: the same in two processes as in one', { timeout: 280_000 }, () =>
    inFolder(async (out) => {
      await runHere('multi-arch');
      await run('multi-arch', out, '--processes', '2');
      const [alone, together] = [await resultsOf('multi-arch', shared), await resultsOf('multi-arch', out)];
      expect(together.processes).toBe(2);
      expect(Object.keys(together.stages).sort()).toEqual(Object.keys(alone.stages).sort());
      expect(together.results).toEqual(alone.results);
    }),
  );

  it('ends when a part fails, and says which', () =>
    inFolder(async (out) => {
      await writeFile(join(out, 'spaces'), 'a file where a folder should be');
      await expect(run('multi-arch', out, '--processes', '2')).rejects.toThrow(/part (paper|from-the-best): its process ended with \d/);
    }));

  it('refuses a part that it does not know', () =>
    inFolder(async (out) => {
      const options = { scale: 'smoke', seed: 0, out, signal: new AbortController().signal, log: () => undefined } as const;
      const experiment = await loadExperiment('multi-arch');
      await expect(runPart(experiment, 'tail', options)).rejects.toThrow(/expected a part, one of zoo, paper, .*; got tail/);
    }));
});
