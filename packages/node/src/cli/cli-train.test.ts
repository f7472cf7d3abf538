// How the command trains spaces, one and many.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { NetSpace } from '@netspace/model';
import { packPReps } from '@netspace/prep';
import { readSafetensors } from '@netspace/formats';
import { architectureByName, openInstanceStore, type InstanceRecord } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { start } from '@netspace/testing/command-process';
import { describe, expect, it } from 'vitest';

import { directoryFiles } from '../files/directory-files.js';
import { fileHandler } from '../files/file-handler.js';
import { readMetrics } from '../metrics/metrics-file.js';
import { digitsRun, group, names, training } from './testing/digits-run.js';
import { inProcess, netspace } from './testing/in-process.js';

const at = digitsRun({ of: 'zoo and run' });

describe('netspace train', () => {
  it('leaves its config, seed, versions and metrics in its folder', async () => {
    const run = JSON.parse(await readFile(at('run', 'run.json'), 'utf8')) as Record<string, unknown>;
    expect(run).toMatchObject({
      command: 'train',
      seed: 4,
      file: at('train.json'),
      state: 'done',
      config: { steps: 24, task: { teacher: 'targets' } },
    });
    expect(run['versions']).toMatchObject({ tfjs: '4.22.0', runtime: 'wasm', node: process.versions.node });
    expect((await readMetrics(at('run', 'metrics.jsonl'))).map(({ step }) => step)).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24]);
  });

  it.each([
    ['start and units', { start: 'instances', units: 'zoo' }, 'zoo'],
    ['units of permuted networks', { units: 'zoo-permuted', start: 'instances' }, 'zoo-permuted'],
    ['the keys of earlier versions', { scaleBias: 'instance', normalise: true }, 'zoo'],
  ])('told by %s, starts from the best network of each architecture', async (_, keys, units) => {
    const space = { ...training.space, ...keys };
    await writeFile(at('best.json'), JSON.stringify({ ...training, zoo: at('zoo'), space, steps: 1 }));
    const folder = at(`best-${Object.keys(keys)[0]}`);
    await netspace('train', at('best.json'), '--out', folder);
    const run = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')) as { config: { space: object } };
    expect(run.config.space).toMatchObject({ start: 'instances', units });
    const loaded = await NetSpace.load(fileHandler(folder), { architectures: architectureByName });
    const zoo = openInstanceStore(directoryFiles(at('zoo')));
    const learned = (await zoo.list()).filter(({ seed }) => seed === 0);
    const accuracy = ({ metrics }: InstanceRecord) => metrics['testAccuracy']!;
    const bests = Object.values(names).map(
      (name) => learned.filter(({ architecture }) => architecture === name).sort((a, b) => accuracy(b) - accuracy(a))[0]!,
    );
    const expected = packPReps(await Promise.all(bests.map(({ name }) => zoo.load(name))), loaded.config.prepShape);
    expect(loaded.architectures.map(({ name }) => name)).toEqual(Object.values(names)); // by ClassId
    expect(loaded.normalization?.start?.dataSync()).toEqual(expected.dataSync());
    tf.dispose(expected);
    loaded.dispose();
  });

  it('has every variant of the classification task, told apart by the teacher', async () => {
    const variants = {
      targets: { relative: 0.5, accuracyGap: 1, alpha: 0.8, weights: { classId: 0.1 }, route: 'target', interpolation: false },
      labels: { route: 'target', weights: { task: 2 } },
      [`${names.large}-s0-n2`]: { alpha: 0.5, temperature: 2, squaredTemperature: false, cacheTargets: true },
    };
    for (const [teacher, options] of Object.entries(variants)) {
      const task = { kind: 'classification', teacher, ...options };
      await writeFile(at('variant.json'), JSON.stringify({ ...training, zoo: at('zoo'), task, steps: 2 }));
      const { losses } = await netspace<{ losses: Record<string, number> }>('train', at('variant.json'), '--out', at(`variant-${teacher}`));
      expect(Object.values(losses).every(Number.isFinite)).toBe(true);
      expect('distillation' in losses).toBe(teacher !== 'labels'); // terms that do not count are left out
    }
  });

  it('learns the weights of one architecture, and refuses what means nothing with one', async () => {
    const one = { groups: [{ ...group, architecture: names.small, seeds: 2, lengths: [2] }] };
    await writeFile(at('one.json'), JSON.stringify(one));
    await netspace('zoo', 'build', at('one.json'), '--out', at('one'), '--train-images', '64', '--test-images', '16');
    const run = async (task: object, out: string, change: object = {}) => {
      const config = { ...training, zoo: at('one'), holdOut: {}, batch: { nets: 2 }, steps: 2, task, ...change };
      await writeFile(at('task.json'), JSON.stringify(config));
      return inProcess('train', at('task.json'), '--out', at(out), '--json');
    };
    const learned = await run({ kind: 'weights' }, 'weights');
    expect(learned.stderr).toBe('');
    expect(JSON.parse(learned.stdout)).toMatchObject({ steps: 2, losses: { loss: expect.any(Number) as number } });
    expect((await run({ kind: 'weights' }, 'none', { batch: { nets: 2, inputs: 8 } })).stderr).toMatch(
      /no batch\.inputs in a weights task/,
    );
    expect((await run({ kind: 'classification', alpha: 0.5 }, 'none-2')).stderr).toMatch(/no task\.alpha with one architecture, got 0\.5/);
  });

  it('resumes a run whose record holds all defaults, as earlier versions wrote it', async () => {
    const recorded = { ...training, zoo: at('one'), holdOut: { names: [], seeds: [] }, steps: 2 };
    await writeFile(
      at('old.json'),
      JSON.stringify({ ...recorded, learningRate: { kind: 'exponential', learningRate: 1e-3, factor: 0.9 } }),
    );
    await netspace('train', at('old.json'), '--out', at('old'));
    const task = {
      interpolation: true,
      weights: {},
      route: 'predicted',
      grouping: 'auto',
      cacheTargets: 'auto',
      relative: 0,
      accuracyGap: 0,
    };
    const old = { ...task, kind: 'classification', teacher: 'targets', temperature: 4, squaredTemperature: true };
    const learningRate = { kind: 'exponential', learningRate: 1e-3, factor: 0.9, every: 1 };
    const record = JSON.parse(await readFile(at('old', 'run.json'), 'utf8')) as { config: object };
    await writeFile(at('old', 'run.json'), JSON.stringify({ ...record, config: { ...record.config, task: old, learningRate } }));
    expect(await netspace('train', '--out', at('old'), '--resume', '--steps', '4')).toMatchObject({ steps: 4 });
  });

  it('goes on after SIGKILL between two checkpoints, and ends with the same bytes as a run that was left alone', async () => {
    const step = 12; // checkpoints are at 10 and 15
    const { child, ended } = await start(['train', at('train.json'), '--out', at('killed')]);
    const reached = async () => (await readMetrics(at('killed', 'metrics.jsonl'))).some((record) => record.step >= step);
    while (child.exitCode === null && !(await reached())) await setTimeout(10);
    child.kill('SIGKILL');
    expect((await ended).code, `killed at step ${step}`).toBeNull();
    await netspace('train', '--out', at('killed'), '--resume'); // its config is in the folder
    for (const name of ['space.json', 'metrics.jsonl', 'checkpoint.safetensors']) {
      const [left, resumed] = await Promise.all([readFile(at('run', name)), readFile(at('killed', name))]);
      expect(resumed.equals(left), `${name}, killed at step ${step}`).toBe(true);
    }
  });

  it('stops at SIGINT with a checkpoint and exit code 130', async () => {
    const { child, ended } = await start(['train', at('train.json'), '--out', at('stopped'), '--json']);
    while (child.exitCode === null && (await readMetrics(at('stopped', 'metrics.jsonl'))).length === 0) await setTimeout(10);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'ABORTED' } });
    expect(stderr).toMatch(/ABORTED: stopped after step \d+ of 24; go on with: netspace train --out .* --resume\n/);
    expect(stderr).toContain('stopping after the work in progress; Ctrl-C once more ends it at once\n');
    const record = JSON.parse(await readFile(at('stopped', 'run.json'), 'utf8')) as Record<string, unknown>;
    expect(record['state']).toBe('stopped');
    expect(readSafetensors(await readFile(at('stopped', 'checkpoint.safetensors'))).metadata['format']).toBe('netspace-checkpoint-2');
  });

  it('saves its work when its terminal is closed, and takes no more words', async () => {
    const { child, ended } = await start(['train', at('train.json'), '--out', at('hung up')]);
    while (child.exitCode === null && (await readMetrics(at('hung up', 'metrics.jsonl'))).length === 0) await setTimeout(2);
    child.stdout.destroy();
    child.stderr.destroy();
    child.kill('SIGHUP');
    await setTimeout(400);
    child.kill('SIGHUP'); // as the system does when the shell ends
    expect((await ended).code).toBe(130);
    expect(JSON.parse(await readFile(at('hung up', 'run.json'), 'utf8'))).toMatchObject({ state: 'stopped' });
    expect(await readdir(at('hung up'))).toContain('checkpoint.safetensors');
  });
});

describe('netspace sweep', () => {
  it('trains each run as train does, goes on with what is missing, and shows a table', async () => {
    const change = { steps: 6, evaluate: { limit: 10 } };
    const write = (seeds: readonly number[]) =>
      writeFile(
        at('sweep.json'),
        JSON.stringify({ config: 'train.json', grid: { steps: [change.steps] }, seeds, evaluate: change.evaluate }),
      );
    await write([4]);
    await netspace('sweep', at('sweep.json'), '--out', at('runs'));
    await writeFile(at('alike.json'), JSON.stringify({ ...training, zoo: at('zoo'), steps: change.steps }));
    await netspace('train', at('alike.json'), '--out', at('alike'));
    const files = (await readdir(at('alike'))).filter((name) => name !== 'run.json');
    expect(files).toEqual(expect.arrayContaining(['space.json', 'checkpoint.safetensors', 'metrics.jsonl']));
    for (const file of files) expect(await readFile(at('runs', 'steps-6_seed-4', file))).toEqual(await readFile(at('alike', file)));
    const before = await readFile(at('runs', 'steps-6_seed-4', 'run.json'), 'utf8');
    await write([4, 5]);
    const { runs } = await netspace<{ runs: Record<string, unknown>[] }>('sweep', at('sweep.json'), '--out', at('runs'));
    expect(runs).toMatchObject(
      [4, 5].map((seed) => ({ name: `steps-6_seed-${seed}`, changes: { steps: 6, seed }, steps: 6, measures: { count: 2 } })),
    );
    expect(await readFile(at('runs', 'steps-6_seed-4', 'run.json'), 'utf8')).toBe(before); // it was done
    await rm(at('runs', 'results.json'));
    expect((await netspace('sweep', at('sweep.json'), '--out', at('runs')))['runs']).toEqual(runs); // of trainings that are found done
    await rm(at('runs', 'steps-6_seed-5'), { recursive: true });
    expect((await netspace('sweep', at('sweep.json'), '--out', at('runs')))['runs']).toEqual(runs);
    expect(await readdir(at('runs', 'steps-6_seed-5'))).toContain('space.json'); // trained anew
    const { stdout } = await inProcess('sweep', at('sweep.json'), '--out', at('runs'));
    expect(stdout).toMatch(/^run +steps +seed +steps +loss.*meanAgreement.*\nsteps-6_seed-4 +6 +4 +6 +\d/);
    const evaluation = await netspace<{ heldOut: { meanAgreement: number } }>('evaluate', '--space', at('runs/steps-6_seed-4'), '--zoo', at('zoo'), '--data', 'mnist', '--limit', '10'); // prettier-ignore
    expect(runs[0]!['measures']).toMatchObject({ meanAgreement: evaluation.heldOut.meanAgreement });
    await write([4]);
    expect((await netspace('sweep', at('sweep.json'), '--out', at('runs')))['runs']).toHaveLength(1);
    const { runs: kept } = JSON.parse(await readFile(at('runs', 'results.json'), 'utf8')) as { runs: Record<string, unknown>[] };
    expect(kept).toMatchObject(runs.map(({ name, measures }) => ({ name, result: { measures } }))); // also of the run that is not asked for now
  });
  it('refuses a wrong key of a run before any is trained, and a place that is no folder', async () => {
    await writeFile(at('wrong-sweep.json'), JSON.stringify({ config: 'train.json', grid: { 'space.embedingSize': [64] } }));
    const wrong = await inProcess('sweep', at('wrong-sweep.json'), '--out', at('wrong-runs'));
    expect(wrong.stderr).toMatch(/wrong-sweep\.json: embedingSize-64: unknown option space\.embedingSize; did you mean embeddingSize\?/);
    await expect(readdir(at('wrong-runs'))).rejects.toThrow(/ENOENT/);
    expect((await inProcess('sweep', at('sweep.json'), '--out', 's3://bucket/runs')).stderr).toMatch(/expected a folder for --out/);
    await writeFile(at('wrong-sweep.json'), JSON.stringify({ config: 'train.json', grid: { steps: 64 } }));
    expect((await inProcess('sweep', at('wrong-sweep.json'), '--out', at('x'))).stderr).toMatch(
      /lists of values by key.*did you mean \{ "steps": \[64\] \}/,
    );
  });
});
