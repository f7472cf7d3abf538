import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readSafetensors } from '@netspace/formats';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { lockOwner } from '../files/lock-owner.js';
import { readMetrics } from '../metrics/metrics-file.js';
import { readRunRecord } from '../runs/run-record.js';
import { cli as netspace } from './testing/in-process.js';

let folder: string;
const at = (...names: readonly string[]) => join(folder, ...names);
const names = { first: 'lenet-like-1x28x28-10-w0.1', second: 'vanilla-cnn-1x28x28-10-w0.1' };
const images = ['--train-images', '100', '--test-images', '20'];
const training = (change: object) => ({
  ...{ zoo: at('zoo'), space: { preset: 'tiny', decoderChannels: 8 }, batch: { nets: 1, inputs: 4 } },
  ...{ steps: 8, learningRate: 0.001, readEvery: 1, checkpointEvery: 2, ...change },
});
const exploding = { kind: 'steps', learningRate: 0.001, milestones: [4], factor: 1e33 };
const train = async (out: string, change: object, ...args: readonly string[]) => {
  await writeFile(at('train.json'), JSON.stringify(training(change)));
  return netspace('train', at('train.json'), '--out', at(out), ...args);
};
const stepOf = async (out: string) => readSafetensors(await readFile(at(out, 'checkpoint.safetensors'))).metadata['step'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netspace-failing-'));
  const group = { unit: 'steps', batchSize: 8, lengths: [2] };
  const sick = { ...group, architecture: names.first, optimizer: { kind: 'sgd', learningRate: 1e30 } };
  await writeFile(at('recipe.json'), JSON.stringify({ groups: [sick, { ...group, architecture: names.second }] }));
});
afterAll(() => rm(folder, { recursive: true }));

it('a zoo with a group that diverges gets the others, fails, and says so; the next build tries again', async () => {
  for (const added of [1, 0]) {
    const { code, stderr } = await netspace('zoo', 'build', at('recipe.json'), '--out', at('zoo'), ...images);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`DIVERGED: buildZoo: 1 training run diverged and gave no network from then on.*${names.first} of seed 0`),
    );
    expect(await readRunRecord(at('zoo'))).toMatchObject({ state: 'failed', result: { added, error: { code: 'DIVERGED' } } });
  }
  expect((await netspace('zoo', 'list', at('zoo'))).stdout).toContain(`${names.second}-s0-n2`);
});

it('a training that diverges exits 1, is recorded as failed, and keeps the last good checkpoint', async () => {
  const { code, stdout, stderr } = await train('sick', { learningRate: exploding });
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/netspace: DIVERGED: trainNetSpace: .* at step [56]; take a smaller learning rate/);
  expect(await readRunRecord(at('sick'))).toMatchObject({ state: 'failed', result: { error: { code: 'DIVERGED' } } });
  expect(await stepOf('sick')).toBe('4');
  const text = await readFile(at('sick', 'metrics.jsonl'), 'utf8');
  expect(text).not.toMatch(/null|NaN/);
  expect((await readMetrics(at('sick', 'metrics.jsonl'))).at(-1)!.step).toBeLessThan(6);
  // The same, told to rewind in the same folder: eight halves of 1e30 are still too much.
  const again = await train('sick', { learningRate: exploding, onDivergence: 'rewind' }, '--resume');
  expect(again.code).toBe(1);
  expect(again.stderr).toMatch(/8 times back/);
});

it('a rewound training ends well, and its record says where it went back', async () => {
  const { code, stdout } = await train('rewound', { learningRate: { ...exploding, factor: 1e4 }, onDivergence: 'rewind' }, '--json');
  const result = JSON.parse(stdout) as { readonly steps: number; readonly rewinds: readonly { readonly to: number }[] };
  expect([code, result.steps]).toEqual([0, 8]);
  expect(result.rewinds.every(({ to }) => to >= 4)).toBe(true);
  expect(result.rewinds.length).toBeGreaterThan(0);
  expect(await readRunRecord(at('rewound'))).toMatchObject({ state: 'done', result: { rewinds: result.rewinds } });
});

it('--resume says where the run is, and starts nothing where it lost its checkpoint', async () => {
  const first = await train('good', { steps: 6 });
  expect(first.stdout).toMatch(/^space after 6 steps in/);
  expect(first.stderr).toMatch(
    /warning: the space learns from one network, vanilla.*: every embedding will decode to about that one; add networks to /,
  );
  const fewer = await train('good', { steps: 4 }, '--resume');
  expect(fewer.stdout).toMatch(/^space after 6 steps in/);
  expect(fewer.stderr).toMatch(/nothing to do: .* is at step 6 of 4 already/);
  expect(await readRunRecord(at('good'))).toMatchObject({ result: { steps: 6 } });
  expect((await train('good', { steps: 7 }, '--resume')).stderr).toMatch(/going on after step 6/);
  expect((await train('good', { steps: 9 })).stderr).toMatch(/holds a run already; go on with --resume/);
  expect((await train('good', { learningRate: 0.1 })).stderr).toMatch(/holds a run of another config already \(steps, learningRate differ\); name another folder, such as --out .*good-2/); // prettier-ignore
  const metrics = await readFile(at('good', 'metrics.jsonl'), 'utf8');
  await rm(at('good', 'checkpoint.safetensors'));
  const lost = await train('good', { steps: 9 }, '--resume');
  expect(lost.code).toBe(1);
  expect(lost.stderr).toMatch(
    /NOT_FOUND: trainInFolder: expected .*checkpoint.safetensors to go on from, got none, though the run was at step 7/,
  );
  expect(await readFile(at('good', 'metrics.jsonl'), 'utf8')).toBe(metrics);
  expect((await train('nowhere', {}, '--resume')).stderr).toMatch(/NOT_FOUND: train: expected a run in .*nowhere to go on with, got none/);
});

it('a second training in a folder is refused while one runs there, and goes on when that has died', async () => {
  await mkdir(at('shared'));
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const owner = await lockOwner(other.pid);
  await writeFile(at('shared', '.training.lock'), owner);
  const busy = await train('shared', {});
  expect(busy.code).toBe(1);
  expect(busy.stderr).toMatch(/UNAVAILABLE: trainInFolder: expected no other training in .*shared, got one of process/);
  await writeFile(at('shared', 'run.json'), JSON.stringify({ state: 'running', process: owner, config: {} }));
  expect(await readRunRecord(at('shared'))).toMatchObject({ state: 'running' });
  expect((await train('shared', {})).stderr).toMatch(/holds a run that is still running; wait until it ends, or name another folder, such as --out .*shared-2/); // prettier-ignore
  const space = ['--space', at('shared'), '--zoo', at('zoo'), '--data', 'mnist'];
  expect((await netspace('evaluate', ...space)).stderr).toMatch(/got a run that is still running; wait until it ends\n/);
  const ended = new Promise((resolve) => other.on('close', resolve));
  other.kill('SIGKILL');
  await ended;
  expect(await readRunRecord(at('shared'))).toMatchObject({ state: 'died' });
  expect((await train('shared', {})).stderr).toMatch(/holds a run already, whose process died before it ended; go on with --resume/);
  const resumed = await train('shared', { steps: 2 }, '--resume');
  expect(resumed.stderr).toMatch(/the run in .*shared died before it ended/);
  expect(resumed.code).toBe(0);
});
