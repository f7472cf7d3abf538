import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { NetSpace } from '@netspace/model';
import { packPReps } from '@netspace/prep';
import { readSafetensors } from '@netspace/formats';
import { architectureByName, openInstanceStore, type InstanceRecord } from '@netspace/zoo';
import { boxMesh } from '@netspace/shapes';
import { endOf, programOf } from '@netspace/testing/program-of';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { directoryFiles } from '../files/directory-files.js';
import { fileHandler } from '../files/file-handler.js';
import { namedBytes } from '../jobs/job.js';
import { jobFolder } from '../jobs/folder/job-folder.js';
import { readMetrics } from '../metrics/metrics-file.js';
import { runCli } from './run-cli.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
let main: string;

/** Starts the command in a process of its own, from its source. */
function start(args: readonly string[]) {
  const child = spawn(process.execPath, [main, ...args], { cwd: root, env: { ...process.env, NETSPACE_RUNTIME: 'wasm' } });
  return { child, ended: endOf(child) };
}

/** Runs the command with `--json` in a process of its own and gives what it prints. */
async function spawned<Result = Record<string, unknown>>(...args: readonly string[]): Promise<Result> {
  const { code, stdout, stderr } = await start([...args, '--json']).ended;
  if (code !== 0) throw new Error(`exit code ${code}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as Result;
}

/** Runs the command in this process, which is quicker. */
async function inProcess(...args: readonly string[]) {
  let [stdout, stderr] = ['', ''];
  const code = await runCli([...args, '--runtime', 'wasm', '--quiet'], {
    writeOut: (text) => void (stdout += text),
    writeErr: (text) => void (stderr += text),
  });
  return { code, stdout, stderr };
}

/** Runs the command with `--json` in this process and gives what it prints. */
async function netspace<Result = Record<string, unknown>>(...args: readonly string[]): Promise<Result> {
  const { code, stdout, stderr } = await inProcess(...args, '--json');
  if (code !== 0) throw new Error(`exit code ${code}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as Result;
}

let folder: string;
const at = (...names: readonly string[]) => join(folder, ...names);
const group = { unit: 'steps', batchSize: 16, optimizer: { kind: 'adam', learningRate: 0.003 } };
const names = { small: 'lenet-like-1x28x28-10-w0.1', large: 'vanilla-cnn-1x28x28-10-w0.1' };
const recipe = {
  groups: [
    { ...group, architecture: names.small, seeds: 2, lengths: [2, 40] },
    { ...group, architecture: names.large, seeds: 1, lengths: [2] },
  ],
};
const training = {
  ...{ zoo: 'zoo', holdOut: { seeds: [1] }, space: { preset: 'tiny', decoderChannels: 8 }, batch: { nets: 2, inputs: 8 } },
  ...{ steps: 24, learningRate: 0.001, seed: 4, readEvery: 2, checkpointEvery: 5 },
};
interface ZooList {
  readonly instances: readonly { readonly name: string; readonly sha256: string }[];
}

beforeAll(async () => {
  main = await programOf('packages/node/src/cli/main.ts');
  folder = await mkdtemp(join(tmpdir(), 'netspace-cli-'));
  await writeFile(at('recipe.json'), JSON.stringify(recipe));
  await writeFile(at('train.json'), JSON.stringify({ ...training, zoo: at('zoo') }));
  const built = await netspace<ZooList & { added: number }>(
    ...['zoo', 'build', at('recipe.json'), '--out', at('zoo'), '--train-images', '400', '--test-images', '50'],
  );
  expect(built.added).toBe(5);
  await netspace('train', at('train.json'), '--out', at('run'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('netspace zoo', () => {
  it('keeps what is there, lists and verifies it', async () => {
    const listed = await netspace<ZooList>('zoo', 'list', at('zoo'));
    expect(listed.instances.map(({ name }) => name)).toEqual([
      ...[`${names.small}-s0-n2`, `${names.small}-s0-n40`, `${names.small}-s1-n2`, `${names.small}-s1-n40`, `${names.large}-s0-n2`],
    ]);
    const again = await netspace<ZooList & { added: number }>('zoo', 'build', at('recipe.json'), '--out', at('zoo'));
    expect(again).toMatchObject({ added: 0, instances: listed.instances });
    expect((await readMetrics(at('zoo', 'metrics.jsonl'))).map(({ step }) => step)).toEqual([1, 2, 3, 4, 5]);
    expect(await netspace('zoo', 'verify', at('zoo'))).toEqual({ checked: 5, problems: [], stray: [], unknown: 0 });
  });
});

describe('netspace zoo evaluate', () => {
  type Instances = readonly { readonly name: string; readonly metrics: Readonly<Record<string, number>> }[];
  const evaluate = (...more: readonly string[]) => ['zoo', 'evaluate', at('zoo'), '--data', 'mnist', ...more];

  it('measures what the build measured, beside the zoo, where other commands find it', async () => {
    const index = await readFile(at('zoo', 'index', '000000.jsonl'), 'utf8');
    const half = evaluate('--as', 'again', '--limit', '50', '--instance', 's0');
    expect((await inProcess(...half)).stderr).toMatch(/got 's0', which fits 3 names/);
    const some = await netspace<{ measured: number }>(...evaluate('--as', 'again', '--limit', '50', '--instance', 's0-n40'));
    expect(some.measured).toBe(1);
    const all = await netspace<{ measured: number; instances: Instances }>(...evaluate('--as', 'again', '--limit', '50'));
    expect(all.measured).toBe(4); // one is there
    expect(all.instances).toHaveLength(5);
    for (const { metrics } of all.instances) expect(metrics['againAccuracy']).toBe(metrics['testAccuracy']);
    expect(await readFile(at('zoo', 'index', '000000.jsonl'), 'utf8')).toBe(index);
    const best = Math.max(...all.instances.map(({ metrics }) => metrics['testAccuracy']!));
    const found = await netspace<{ names: string[] }>('zoo', 'filter', at('zoo'), '--where', `againAccuracy>=${best}`);
    expect(found.names).toEqual(all.instances.filter(({ metrics }) => metrics['testAccuracy'] === best).map(({ name }) => name));
    expect(await readdir(at('zoo'))).not.toContain('.jobs-evaluate');
    expect(await netspace('zoo', 'status', at('zoo'))).not.toHaveProperty('works');
    const jobs = jobFolder(at('zoo'), 'evaluate');
    const source = { kind: 'evaluate', data: 'mnist', instance: undefined, limit: undefined, output: undefined } as const;
    await jobs.writePlan({ source, origin: {}, total: 5, present: 1, begun: 0, queueId: undefined, needs: undefined });
    await jobs.writeResult('0'.repeat(32), { drafts: [namedBytes('a', Uint8Array.of(1)), namedBytes('b', Uint8Array.of(2))] });
    expect(await netspace('zoo', 'status', at('zoo'))).toMatchObject({ works: [{ command: 'zoo evaluate', total: 5, ready: 3 }] });
    await jobs.clear();
  });
  it('refuses to replace a measure, and what it cannot measure', async () => {
    expect((await inProcess(...evaluate())).stderr).toMatch(/got testAccuracy, which .* has since it was added; .*--as other/);
    expect((await inProcess(...evaluate('--as', 'again', '--limit', '49'))).stderr).toMatch(
      /that again was measured with before, got others/,
    );
    const lines = await readFile(at('zoo', 'measures.jsonl'), 'utf8');
    await writeFile(at('zoo', 'measures.jsonl'), `${lines.split('\n', 1)[0]!}\n`); // of one network: another is measured as it was, or under another name
    const [, ...others] = (await netspace<ZooList>('zoo', 'list', at('zoo'))).instances;
    expect((await inProcess(...evaluate('--as', 'again', '--limit', '49', '--instance', others.at(-1)!.name))).stderr).toMatch(
      /that again was measured with before, got others/,
    );
    expect((await inProcess(...evaluate('--as', '9!'))).stderr).toMatch(/expected letters and digits/);
    await writeFile(at('zoo', 'measures.jsonl'), 'no JSON\n');
    expect((await inProcess('zoo', 'list', at('zoo'))).stderr).toMatch(/CORRUPT_FILE: .*measures\.jsonl, got "no JSON"/);
    await rm(at('zoo', 'measures.jsonl'));
  });
});

describe('netspace zoo align', () => {
  const [small, large] = [`${names.small}-s0-n40`, `${names.large}-s0-n2`];
  const alignTo = (...to: readonly string[]) => ['zoo', 'align', at('zoo'), '--out', at('aligned'), '--to', ...to];

  it('writes networks that do what they did, nearer to the one in whose order they are', async () => {
    const { added, instances } = await netspace<{ added: number; instances: InstanceRecord[] }>(...alignTo(small, large));
    expect(added).toBe(5);
    const before = await netspace<ZooList>('zoo', 'list', at('zoo'));
    expect(instances.map(({ name }) => name)).toEqual(before.instances.map(({ name }) => name));
    const distances = new Map(instances.map(({ name, metrics }) => [name, metrics['alignedDistance']!]));
    expect([distances.get(small), distances.get(large)]).toEqual([0, 0]);
    const [old, now] = [at('zoo'), at('aligned')].map((folder) => openInstanceStore(directoryFiles(folder)));
    const x = tf.randomNormal([4, 28, 28, 1], 0, 1, 'float32', 1);
    const reference = await old!.load(small);
    for (const { name, architecture } of instances) {
      const [was, is] = [await old!.load(name), await now!.load(name)];
      const outputs = [was, is].map(({ architecture, parameters }) => [...architecture.apply(parameters, x).dataSync()]);
      outputs[1]!.forEach((value, i) => expect(value).toBeCloseTo(outputs[0]![i]!, 3));
      if (architecture !== names.small) continue;
      const apart = (other: typeof was) => Math.hypot(...other.parameters.map((p, i) => tf.norm(tf.sub(p, reference.parameters[i]!)).dataSync()[0]!)); // prettier-ignore
      expect(apart(is)).toBeLessThanOrEqual(apart(was));
    }
    expect(await netspace('zoo', 'align', ...alignTo(small, large).slice(2))).toMatchObject({ added: 0 });
  });
  it('refuses an architecture without a network to be aligned to, two for one, and a folder of others', async () => {
    expect((await inProcess(...alignTo(small))).stderr).toMatch(/expected a network of vanilla-cnn.* in --to for/);
    expect((await inProcess(...alignTo(small, large, `${names.small}-s1-n2`))).stderr).toMatch(/expected one network of lenet.* in --to/);
    expect((await inProcess(...alignTo(`${names.small}-s1-n2`, large))).stderr).toMatch(
      /one that the same command has begun, got .*aligned, which has/,
    );
  });
  it('refuses a zoo that was built again, whose networks have the names of those before', async () => {
    const group = { architecture: names.small, seeds: 2, lengths: [1], unit: 'steps', batchSize: 10 };
    await writeFile(at('again.json'), JSON.stringify({ groups: [group] }));
    const align = ['zoo', 'align', at('again'), '--out', at('again-aligned'), '--to', `${names.small}-s0-n1`];
    const build = (images: string) =>
      netspace('zoo', 'build', at('again.json'), '--out', at('again'), '--train-images', images, '--test-images', '10');
    await build('60');
    await netspace(...align);
    await rm(at('again'), { recursive: true });
    await build('50');
    expect((await inProcess(...align)).stderr).toMatch(/expected the networks of .* got others of their names .*built again; name another/);
  });
});

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

  it('counts the paths of a config from its file, also in a sweep and a recipe', async () => {
    await mkdir(at('configs'));
    const write = (name: string, value: object) => writeFile(at('configs', name), JSON.stringify(value));
    const short = { ...training, steps: 2 };
    await write('space.json', { ...short, zoo: '../zoo' });
    await netspace('train', at('configs', 'space.json'), '--out', at('from configs'));
    const record = JSON.parse(await readFile(at('from configs', 'run.json'), 'utf8')) as { config: { zoo: string } };
    expect(record.config.zoo).toBe(at('zoo'));
    await write('sweep.json', { config: 'space.json', seeds: [1] });
    await netspace('sweep', at('configs', 'sweep.json'), '--out', at('swept from configs'));
    await write('wrong.json', { ...short, zoo: 'docs' }); // a folder of this repository, where the tests run
    const refused =
      /zoo: expected docs as seen from the config, got nothing at .*configs.docs, and something at docs as seen from here; write ".*docs"/;
    expect((await inProcess('train', at('configs', 'wrong.json'), '--out', at('wrong'))).stderr).toMatch(refused);
    await netspace('train', at('configs', 'wrong.json'), '--zoo', at('zoo'), '--out', at('from here')); // options count from here
    await write('wrong sweep.json', { config: 'wrong.json', seeds: [1] });
    expect((await inProcess('sweep', at('configs', 'wrong sweep.json'), '--out', at('wrong'))).stderr).toMatch(refused);
    for (const recipe of [
      { data: 'cifar10:docs', groups: [{ ...group, architecture: names.small, lengths: [1] }] },
      { kind: 'shapes', meshes: 'docs' },
      { kind: 'shapes', meshes: ['docs'] },
      { kind: 'fields', fields: 'docs' },
      { kind: 'shapes', seats: [1], start: 'docs' },
    ]) {
      await write('recipe.json', recipe);
      expect((await inProcess('zoo', 'build', at('configs', 'recipe.json'), '--out', at('wrong'))).stderr).toMatch(
        /: expected docs as seen from the config/,
      );
    }
  });

  it('goes on after SIGKILL between two checkpoints, and ends with the same bytes as a run that was left alone', async () => {
    const step = 12; // checkpoints are at 10 and 15
    const { child, ended } = start(['train', at('train.json'), '--out', at('killed')]);
    const reached = async () => (await readMetrics(at('killed', 'metrics.jsonl'))).some((record) => record.step >= step);
    while (child.exitCode === null && !(await reached())) await setTimeout(2);
    child.kill('SIGKILL');
    expect((await ended).code, `killed at step ${step}`).toBeNull();
    await netspace('train', '--out', at('killed'), '--resume'); // its config is in the folder
    for (const name of ['space.json', 'metrics.jsonl', 'checkpoint.safetensors']) {
      const [left, resumed] = await Promise.all([readFile(at('run', name)), readFile(at('killed', name))]);
      expect(resumed.equals(left), `${name}, killed at step ${step}`).toBe(true);
    }
  });

  it('stops at SIGINT with a checkpoint and exit code 130', async () => {
    const { child, ended } = start(['train', at('train.json'), '--out', at('stopped'), '--json']);
    while (child.exitCode === null && (await readMetrics(at('stopped', 'metrics.jsonl'))).length === 0) await setTimeout(2);
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
    const { child, ended } = start(['train', at('train.json'), '--out', at('hung up')]);
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

describe('netspace on a trained space', () => {
  const inputs = () => ['--space', at('run'), '--zoo', at('zoo')];

  it('evaluate prints each network beside its prediction, and nothing else on stdout', async () => {
    type Printed = Record<'summary' | 'heldOut', Record<string, unknown>> & { instances: Record<string, unknown>[] };
    const { instances, summary, heldOut } = await spawned<Printed>(...['evaluate', ...inputs(), '--data', 'mnist', '--limit', '20']);
    const keys = ['name', 'architecture', 'classId', 'predictedClassId', 'targetAccuracy', 'predictedAccuracy', 'agreement'];
    expect(instances.map((row) => Object.keys(row))).toEqual(Array(5).fill(keys));
    expect(instances[4]).toMatchObject({ name: `${names.large}-s0-n2`, architecture: names.large, classId: 1 });
    expect(summary).toMatchObject({ count: 5 });
    expect(heldOut).toMatchObject({ count: 2, names: [`${names.small}-s1-n2`, `${names.small}-s1-n40`] });
    expect(Object.keys(heldOut)).toEqual([...Object.keys(summary), 'names']);
  });

  it.each(['evaluate', 'report'])('%s encodes each network once', async (command) => {
    const encode = vi.spyOn(NetSpace.prototype, 'encode'); // counts, and does what it does
    const out = command === 'report' ? ['--out', at('once.html')] : [];
    await netspace(command, ...inputs(), '--data', 'mnist', '--limit', '5', ...out);
    const counts = encode.mock.calls.map(([targets]) => ('preps' in targets ? targets.preps.shape[0] : targets.length));
    encode.mockRestore();
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(5);
  });

  it('encode and decode go through files; interpolate begins where decode of the start ends', async () => {
    const from = `${names.small}-s0-n2`;
    const encoded = await netspace<{ embeddings: { name: string; embedding: number[] }[] }>(
      ...['encode', ...inputs(), '--instance', from, '--out', at('embeddings.safetensors')],
    );
    expect(encoded.embeddings[0]!.name).toBe(from);
    expect(encoded.embeddings[0]!.embedding).toHaveLength(64);
    const decoded = await netspace<{ instances: { file: string; classId: number }[] }>(
      ...['decode', at('embeddings.safetensors'), '--space', at('run'), '--out', at('decoded')],
    );
    const walked = await netspace<{ stops: { gamma: number; file: string; accuracy: number; weightAverageAccuracy: number }[] }>(
      ...['interpolate', ...inputs(), '--from', from, '--to', `${names.small}-s1-n40`, '--steps', '3'],
      ...['--data', 'mnist', '--limit', '20', '--out', at('walk')],
    );
    expect(walked.stops.map(({ gamma }) => gamma)).toEqual([0, 0.5, 1]);
    for (const stop of walked.stops) expect(stop.weightAverageAccuracy).toBeGreaterThanOrEqual(0);
    const tensors = async (file: string) => [...readSafetensors(await readFile(file)).tensors];
    expect(await tensors(walked.stops[0]!.file)).toEqual(await tensors(decoded.instances[0]!.file));
  });

  it('zoo encode writes the file that encode writes', async () => {
    await netspace('encode', ...inputs(), '--out', at('one-by-one.safetensors'));
    await programOf('packages/node/src/jobs/job-main.ts'); // which the command finds beside it
    const told = await spawned('zoo', 'encode', at('zoo'), '--space', at('run'), '--out', at('by-jobs.safetensors'), '--concurrency', '1');
    expect(told).toMatchObject({ networks: 5, embeddingSize: 64 });
    expect(await readFile(at('by-jobs.safetensors'))).toEqual(await readFile(at('one-by-one.safetensors')));
  });

  it('optimize moves an embedding, report writes a page', async () => {
    const found = await netspace<{ losses: [number, number] }>(
      ...['optimize', ...inputs(), '--start', `${names.small}-s0-n2`, '--teacher', `${names.small}-s0-n40`, '--data', 'mnist'],
      ...['--steps', '4', '--learning-rate', '0.01', '--images', '8', '--limit', '20', '--out', at('search')],
    );
    expect(found.losses.every(Number.isFinite)).toBe(true);
    expect(await readMetrics(at('search', 'metrics.jsonl'))).toHaveLength(5);
    await netspace('report', ...inputs(), '--data', 'mnist', '--limit', '20', '--out', at('report.html'));
    expect(await readFile(at('report.html'), 'utf8')).toMatch(/<!doctype html>/i);
  });
});

describe('netspace', () => {
  it('says what is wrong in one line, and where that is explained; on stdout too with --json', async () => {
    const missing = await inProcess('evaluate', '--space', at('nothing'), '--zoo', at('zoo'), '--data', 'mnist', '--json');
    expect(missing.code).toBe(1);
    expect(JSON.parse(missing.stdout)).toMatchObject({ error: { code: 'NOT_FOUND' } });
    expect(missing.stderr).toMatch(
      /^netspace: NOT_FOUND: fileHandler: expected a saved space at .*nothing.space\.json, got no such file; .*\nSee NOT_FOUND in .*errors\.md\n$/,
    );
    expect((await inProcess('zoo', 'list', at('none'), '--debug')).stderr).toMatch(/NetSpaceError: openZoo: .*\n +at /);
  });

  it('refuses wrong usage with exit code 2, wrong configs naming the key', async () => {
    expect(await inProcess('trian')).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean train?') as string });
    expect((await inProcess('train')).stderr).toContain("required option '--out <dir>' not specified");
    expect((await inProcess('zoo', 'list', at('zoo'), '--steps', 'x')).code).toBe(2);
    expect((await inProcess('train', '--out', at('x'), '--steps', 'many')).stderr).toContain("expected a number, got 'many'");
    expect(await inProcess('--version')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+/) as string });
    const config = async (change: object) => {
      await writeFile(at('wrong.json'), JSON.stringify({ ...training, zoo: at('zoo'), ...change }));
      return (await inProcess('train', at('wrong.json'), '--out', at('wrong'))).stderr;
    };
    expect(await config({ batch: { nets: 0 } })).toMatch(
      /INVALID_OPTION: .*wrong\.json: expected batch\.nets to be a positive integer, got 0/,
    );
    expect(await config({ lerningRate: 1 })).toMatch(/unknown option lerningRate; did you mean learningRate\?/);
    expect(await config({ space: { prepShape: '8x400' } })).toMatch(/space\.prepShape .* got '8x400'; did you mean \[8, 400\]\?/);
    expect(await config({ task: { kind: 'sdf', teacher: 'labels' } })).toMatch(/unknown option task\.teacher/);
    expect(await config({ task: { kind: 'classification', teacher: 'labels', temperature: 2 } })).toMatch(
      /expected task\.temperature to be left out with teacher 'labels', got 2/,
    );
    expect(await config({ task: { kind: 'classification', teacher: 'nobody' } })).toMatch(/task\.teacher: .* got 'nobody'/);
    expect(await config({ holdOut: { names: ['nobody'] } })).toMatch(/holdOut\.names: there is no 'nobody'/);
    expect((await inProcess('train', at('train.json'), '--out', at('run'))).stderr).toMatch(/holds a run already; go on with --resume/);
    expect((await inProcess('train', at('train.json'), '--out', at('run'), '--resume', '--seed', '5')).stderr).toMatch(
      /with another 'seed'/,
    );
    expect(JSON.parse(await readFile(at('run', 'run.json'), 'utf8'))).toMatchObject({ state: 'done', seed: 4 }); // what is refused is no run
    await writeFile(at('torn.json'), '{');
    expect((await inProcess('zoo', 'build', at('torn.json'), '--out', at('z'))).stderr).toMatch(/expected JSON in .*torn\.json/);
    const untraced = await inProcess('zoo', 'encode', 'z', '--space', 's', '--out', at('z'), '--telemetry');
    expect(untraced.stderr).toMatch(/expected --queue with --telemetry, got none/);
    const to = ['--out', at('z'), '--metrics', '9464'];
    for (const words of [
      ['sweep', 's.json'],
      ['zoo', 'build', 'r.json'],
      ['zoo', 'align', 'z', '--to', 'a'],
      ['zoo', 'encode', 'z', '--space', 's'],
    ]) {
      const { stderr } = await inProcess(...words, ...to);
      expect(stderr).toContain(`${words.slice(0, words[0] === 'zoo' ? 2 : 1).join(' ')}: expected --queue with --metrics, got none`);
    }
    expect((await inProcess('zoo', 'evaluate', 'z', '--data', 'mnist', ...to.slice(2))).stderr).toContain('zoo evaluate: expected --queue');
  });

  it('builds a zoo of the meshes that can be read, says which cannot, and fails at the end', async () => {
    await mkdir(at('found'), { recursive: true });
    const cube = (side: number) =>
      ['0 0 0', '1 0 0', '0 1 0', '1 1 0', '0 0 1', '1 0 1', '0 1 1', '1 1 1']
        .map((xyz) => `v ${xyz.replaceAll('1', String(side))}\n`)
        .join('') + ['1 5 7 3', '2 4 8 6', '1 2 6 5', '3 7 8 4', '1 3 4 2', '5 6 8 7'].map((face) => `f ${face}\n`).join('');
    await writeFile(at('found', 'Stuhl ü.OBJ'), cube(40));
    await writeFile(at('found', 'bad.obj'), 'v 0 0\n');
    const recipe = { kind: 'shapes', meshes: at('found'), architecture: 'siren-3-8x1-1', samples: 100, steps: 2, batchSize: 50 };
    await writeFile(at('found.json'), JSON.stringify(recipe));
    const { code, stdout } = await inProcess('--json', 'zoo', 'build', at('found.json'), '--out', at('found-zoo'));
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      added: 1,
      instances: [{ name: 'Stuhl-u' }],
      placed: [{ file: 'Stuhl ü.OBJ', offset: [20, 20, 20], scale: 1 / 40 }],
      problems: [{ file: 'bad.obj', problem: expect.stringMatching(/three coordinates, .* in line 1 of .*bad\.obj/) as string }],
    });
    const again = await inProcess('zoo', 'build', at('found.json'), '--out', at('found-zoo'));
    expect(again).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/0 instances added; 1 in .*; could not be read: "bad\.obj"/) as string,
    });

    await writeFile(at('found', 'Stuhl-ü.obj'), cube(1)); // two of one name are refused before any fit
    const twice = await inProcess('zoo', 'build', at('found.json'), '--out', at('none-zoo'));
    expect(twice).toMatchObject({ code: 1 });
    expect(twice.stderr).toMatch(/"Stuhl ü" and "Stuhl-ü", both stored as Stuhl-u; rename one/);
  });

  it('builds a zoo of seats made by rule, and refuses them beside meshes', async () => {
    const recipe = { kind: 'shapes', seats: { count: 2, seed: 3 }, architecture: 'siren-3-8x1-1', samples: 100, steps: 2, batchSize: 50 };
    await writeFile(at('seats.json'), JSON.stringify(recipe));
    const built = await netspace<ZooList>('zoo', 'build', at('seats.json'), '--out', at('seats'));
    expect(built.instances.map(({ name }) => name)).toEqual(['seat-3', 'seat-4']);
    await writeFile(at('listed.json'), JSON.stringify({ ...recipe, seats: [11, 3] }));
    const listed = await netspace<ZooList>('zoo', 'build', at('listed.json'), '--out', at('listed'));
    expect(listed.instances.map(({ name }) => name)).toEqual(['seat-11', 'seat-3']);
    const both = await inProcess('zoo', 'build', at('seats.json'), '--data', at('seats'), '--out', at('none'));
    expect(both.stderr).toMatch(/or seats in the recipe, got seats and the meshes in /);
    await writeFile(at('seats.json'), JSON.stringify({ ...recipe, seats: undefined }));
    expect((await inProcess('zoo', 'build', at('seats.json'), '--out', at('none'))).stderr).toMatch(/or seats in the recipe, got neither/);
  });

  it('builds a zoo of shapes, each fit from a network of an earlier one', async () => {
    await mkdir(at('meshes'));
    const { positions, indices } = boxMesh();
    const rows = (kind: string, values: ArrayLike<number>) =>
      Array.from({ length: values.length / 3 }, (_, i) => `${kind} ${values[3 * i]!} ${values[3 * i + 1]!} ${values[3 * i + 2]!}`);
    const faces = Array.from(indices, (index) => index + 1);
    await writeFile(at('meshes', 'box.obj'), [...rows('v', positions), ...rows('f', faces)].join('\n'));
    const shapes = { kind: 'shapes', meshes: at('meshes'), architecture: 'siren-3-8x1-1', samples: 100, steps: 2, batchSize: 50 };
    type Built = { readonly instances: readonly { readonly file: string }[] };
    const weightsOf = async (zoo: string, change: object) => {
      await writeFile(at('shapes.json'), JSON.stringify({ ...shapes, ...change }));
      const file = at(zoo, (await netspace<Built>('zoo', 'build', at('shapes.json'), '--out', at(zoo))).instances[0]!.file);
      // A zoo of one network: its shard is that network's file.
      return { file, values: [...readSafetensors(await readFile(file)).tensors.values()].flatMap(({ data }) => [...data].map(Number)) };
    };
    const distance = (a: readonly number[], b: readonly number[]) => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
    const first = await weightsOf('shapes', {});
    const further = await weightsOf('further', { start: at('shapes', 'box'), learningRate: 1e-6, seed: 1 });
    expect(distance(first.values, further.values)).toBeLessThan(1e-5);
    const other = await weightsOf('other', { learningRate: 1e-6, seed: 1 });
    expect(distance(first.values, other.values)).toBeGreaterThan(0.1);
    const task = { kind: 'sdf', near: 'targets', points: 'own', bounds: 0.5 };
    const sdf = { zoo: at('shapes'), space: { preset: 'tiny' }, task, batch: { nets: 1, inputs: 8 }, steps: 2, readEvery: 1 };
    await writeFile(at('sdf.json'), JSON.stringify(sdf));
    const learned = await netspace<{ losses: Record<string, number> }>('train', at('sdf.json'), '--out', at('sdf'));
    expect(learned.losses['loss']).toBeGreaterThan(0);
    await writeFile(at('shapes.json'), JSON.stringify({ ...shapes, start: at('nowhere.safetensors') }));
    expect((await inProcess('zoo', 'build', at('shapes.json'), '--out', at('none'))).stderr).toMatch(/expected a file at .*nowhere/);
  });

  it('notices a damaged zoo', async () => {
    const record = (await netspace<{ instances: { file: string; name: string }[] }>('zoo', 'list', at('zoo'))).instances.at(-1);
    const file = at('zoo', record!.file);
    const bytes = await readFile(file);
    await writeFile(
      file,
      bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte)),
    );
    const { code, stdout } = await inProcess('zoo', 'verify', at('zoo'), '--json');
    expect({ code, ...(JSON.parse(stdout) as object) }).toMatchObject({ code: 1, checked: 5, problems: [{ name: record!.name }] });
    expect((await inProcess('zoo', 'verify', at('zoo'))).stderr).toMatch(/1 of 5 instances in .* are damaged/);
    await writeFile(file, bytes);
  });

  it('lists files that no index names, and leaves them', async () => {
    await writeFile(at('zoo', 'shards', 'forgotten.bin'), '');
    expect(await netspace('zoo', 'verify', at('zoo'))).toEqual({ checked: 5, problems: [], stray: ['shards/forgotten.bin'], unknown: 0 });
    const { code, stdout } = await inProcess('zoo', 'verify', at('zoo'));
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('"shards/forgotten.bin"') as string });
    expect((await readFile(at('zoo', 'shards', 'forgotten.bin'))).length).toBe(0);
  });
});
