import { fork } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { isNetSpaceError } from '@netspace/prep';
import { parseOptions } from '@netspace/prep/internal';
import { addJobs, type ZooJob, type ZooPlan } from '@netspace/train/internal';
import { programOf } from '@netspace/testing/program-of';
import { openInstanceStore } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { directoryFiles } from '../files/directory-files.js';
import { selectRuntime, type SelectedRuntime } from '../runtime/select-runtime.js';
import { buildByJobs } from './build-by-jobs.js';
import { collectByJobs } from './collect-by-jobs.js';
import type { JobRunner, WorkFacts } from './ended-jobs.js';
import type { Job } from './job.js';
import { jobFolder } from './folder/job-folder.js';
import { jobKeys, jobOrigin } from './job-key.js';
import { jobProcesses } from './job-processes.js';
import { jobsHere } from './jobs-here.js';
import { runJob } from './run-job.js';
import { tinyRecipe, zooFiles } from './testing/zoo-files.js';
import { evaluationOf } from './works/evaluate-jobs.js';
import { sweepJobs } from './works/sweep-jobs.js';
import { anyRecipe, planOfSource, type ZooSource } from './zoo-source.js';

let root: string;
let program: string;
let runtime: SelectedRuntime;
let source: ZooSource;
let plan: ZooPlan;
/** The zoo as it is built in one process, job after job. */
let expected: Readonly<Record<string, string>>;
let alone: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'netspace-jobs-'));
  program = await programOf('packages/node/src/jobs/job-main.ts');
  runtime = await selectRuntime({ prefer: 'wasm' });
  source = { recipe: parseOptions('recipe', anyRecipe, tinyRecipe), trainImages: 100, testImages: 20 };
  plan = await planOfSource(source);
  const zoo = (alone = await folderOf('alone'));
  await expect(all(addJobs('test', plan, { store: openInstanceStore(directoryFiles(zoo)) }))).rejects.toMatchObject({ code: 'DIVERGED' });
  expected = await zooFiles(zoo);
});
afterAll(() => rm(root, { recursive: true }));

const folderOf = (name: string): Promise<string> => mkdtemp(join(root, `${name}-`));

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const got: T[] = [];
  for await (const item of items) got.push(item);
  return got;
}

interface Building {
  readonly processes?: number;
  readonly signal?: AbortSignal;
  readonly onBegin?: (title: string, pid: number) => void;
}

/** Builds with processes of their own; throws what the build throws. */
function build(zoo: string, { processes: concurrency = 2, signal, onBegin }: Building = {}) {
  const origin = jobOrigin(runtime);
  const start = async ({ present, total, signal }: WorkFacts) => {
    await jobFolder(zoo).writePlan({ source, origin, total, present, begun: Date.now() });
    const { run, close } = jobProcesses({
      ...{ zoo, threads: 1, signal },
      fork: (args, env) => fork(program, args, { silent: true, env }),
    });
    return { run: (request, job) => run(request, { onBegin: (pid) => onBegin?.(job.title, pid!) }), close } satisfies Awaited<
      ReturnType<Parameters<typeof buildByJobs>[1]['start']>
    >;
  };
  const keys = jobKeys(plan.jobs, origin);
  return buildByJobs(plan, { store: openInstanceStore(directoryFiles(zoo)), zoo, keys, concurrency, signal, start });
}

const DIVERGED = {
  code: 'DIVERGED',
  message: expect.stringMatching(/one job is set aside .*wild-lenet-like-1x28x28-10-w0.1 of seed 0/) as unknown,
};

describe('a job that is interrupted', () => {
  const small = { unit: 'steps', batchSize: 10, optimizer: { kind: 'sgd', learningRate: 0.01, momentum: 0.9 } } as const;
  const recipes = {
    'several networks, of which one leaves the others and one diverges': {
      atOnce: 3,
      groups: [
        { ...small, architecture: 'lenet-like-1x28x28-10-w0.1', seeds: 1, lengths: [30, 120] },
        { ...small, architecture: 'lenet-like-1x28x28-10-w0.1', prefix: 'b-', lengths: [20, 60] },
        {
          ...small,
          architecture: 'lenet-like-1x28x28-10-w0.1',
          prefix: 'c-',
          lengths: [40, 70],
          optimizer: { kind: 'sgd', learningRate: 1e30 },
        },
      ],
    },
    'one network with batch norm': {
      groups: [
        {
          ...small,
          batchSize: 2,
          architecture: 'resnet8-1x28x28-10-w0.1',
          lengths: [2, 52],
          optimizer: { kind: 'adam', learningRate: 0.001 },
        },
      ],
    },
    'one shape': { kind: 'shapes', architecture: 'siren-3-4x1-1', seats: { count: 1, seed: 0 }, samples: 400, steps: 110, batchSize: 50 },
    'several shapes': {
      kind: 'shapes',
      architecture: 'siren-3-4x1-1',
      seats: { count: 2, seed: 0 },
      samples: 400,
      steps: 110,
      batchSize: 50,
      atOnce: 2,
    },
  };

  it.each(Object.entries(recipes))('goes on with the same bits, and leaks nothing: %s', async (_, recipe) => {
    const { jobs } = await planOfSource({ ...source, recipe: parseOptions('recipe', anyRecipe, recipe) });
    const [job] = jobs as [ZooJob];
    const wanted = new Set(job.names);
    const whole = await runJob(job, { wanted });
    const tensors = tf.memory().numTensors;
    let kept: Uint8Array | undefined;
    for (let runs = 1; ; runs++) {
      const stop = new AbortController();
      let written = 0;
      const write = async (bytes: Uint8Array): Promise<void> => {
        kept = bytes;
        if (++written === 33) stop.abort(); // between two readings of the losses
        await Promise.resolve();
      };
      const checkpoint = {
        ...{ key: 'abc', everyMs: 0, read: () => Promise.resolve(kept) },
        write,
      };
      const result = await runJob(job, { wanted, signal: stop.signal, checkpoint }).catch((error: unknown) => error);
      expect(tf.memory().numTensors).toBe(tensors);
      if (isNetSpaceError(result) && result.code === 'ABORTED') continue; // right after its checkpoint
      expect(runs).toBeGreaterThan(1);
      expect(result).toEqual(whole);
      break;
    }
    const other = { key: 'other', everyMs: Infinity, read: () => Promise.resolve(kept), write: () => Promise.resolve() };
    const steps: number[] = [];
    const early = new AbortController();
    const onStep = ({ step }: { readonly step: number }): void => {
      steps.push(step);
      early.abort();
    };
    await expect(runJob(job, { wanted, checkpoint: other, signal: early.signal, onStep })).rejects.toMatchObject({ code: 'ABORTED' });
    expect(steps).toEqual([1]); // a checkpoint of another job is none
  });
});

describe('buildByJobs', () => {
  it.each([1, 2, 4])('gives the same files on %i processes as in one', async (processes) => {
    const zoo = await folderOf('spread');
    await expect(all(build(zoo, { processes }))).rejects.toMatchObject(DIVERGED);
    expect(await zooFiles(zoo)).toEqual(expected);
    expect(await readdir(join(zoo, '.jobs'))).toEqual(['set-aside']); // no result is left
  });

  it('gives the same files though processes are killed', async () => {
    const zoo = await folderOf('killed');
    const killed = new Set<string>();
    const onBegin = (title: string, pid: number) => {
      if (killed.size === 3 || killed.has(title)) return;
      setTimeout(() => process.kill(pid, 'SIGKILL'), 20 * killed.size);
      killed.add(title);
    };
    await expect(all(build(zoo, { onBegin }))).rejects.toMatchObject(DIVERGED);
    expect(killed.size).toBe(3);
    expect(await zooFiles(zoo)).toEqual(expected);
  });

  it('goes on where it was stopped, with results that waited for their turn', async () => {
    const zoo = await folderOf('stopped');
    const stop = new AbortController();
    const first = (async () => {
      for await (const { done } of build(zoo, { signal: stop.signal })) if (done === 2) stop.abort();
    })();
    await expect(first).rejects.toMatchObject({ code: 'ABORTED', message: /with \d of 9 instances in the store/ });
    await expect(all(build(zoo))).rejects.toMatchObject(DIVERGED);
    expect(await zooFiles(zoo)).toEqual(expected);
  });

  it('makes a damaged result again', async () => {
    const zoo = await folderOf('damaged');
    const stop = new AbortController();
    stop.abort();
    const keys = jobKeys(plan.jobs, jobOrigin(runtime));
    await expect(all(build(zoo, { signal: stop.signal }))).rejects.toMatchObject({ code: 'ABORTED' });
    await jobFolder(zoo).writeResult(keys[0]!, { drafts: [] });
    await writeFile(join(zoo, '.jobs', 'results', keys[1]!), '{"key": ');
    await expect(all(build(zoo))).rejects.toMatchObject(DIVERGED);
    expect(await zooFiles(zoo)).toEqual(expected);
  });

  it('sets a job aside whose process dies three times, adds all others, and tries it again when it is put back', async () => {
    const zoo = await folderOf('poison');
    const poison = 'vanilla-cnn-1x28x28-10-w0.1 of seed 0 and 1 more';
    let begun = 0;
    const onBegin = (title: string, pid: number) => {
      if (title === poison && ++begun <= 3) process.kill(pid, 'SIGKILL');
    };
    const problem = { code: 'UNAVAILABLE', message: expect.stringMatching(`2 jobs are set aside.*${poison} .tried 3 times; its process ended by SIGKILL`) as unknown }; // prettier-ignore
    await expect(all(build(zoo, { onBegin }))).rejects.toMatchObject(problem);
    expect((await openInstanceStore(directoryFiles(zoo)).list()).length).toBe(7);
    expect(await all(build(zoo, { onBegin })).catch((error: unknown) => error)).toMatchObject(problem); // it is not tried again
    expect(begun).toBe(3);
    const aside = (await jobFolder(zoo).listSetAside()).find(({ title }) => title === poison)!;
    expect(aside).toMatchObject({ tries: 3, names: [0, 1].map((seed) => `vanilla-cnn-1x28x28-10-w0.1-s${seed}-n2`) });
    await jobFolder(zoo).putBack(aside.key);
    const added = await all(build(zoo, { onBegin })).catch((error: unknown) => error);
    expect(added).toMatchObject(DIVERGED);
    expect((await openInstanceStore(directoryFiles(zoo)).list()).at(-1)).toMatchObject({ name: 'vanilla-cnn-1x28x28-10-w0.1-s1-n2' });
  });

  it('refuses a plan of another version, naming both', async () => {
    const zoo = await folderOf('version');
    const origin = { ...jobOrigin(runtime), netspace: '99.0.0' };
    await jobFolder(zoo).writePlan({ source, origin, total: 9, present: 0, begun: Date.now() });
    const { run, close } = jobProcesses({ zoo, threads: 1, fork: (args, env) => fork(program, args, { silent: true, env }) });
    const request = { index: 0, key: jobKeys(plan.jobs, origin)[0]!, wanted: plan.jobs[0]!.names };
    await expect(run(request)).rejects.toMatchObject({ code: 'UNSUPPORTED', message: /expected netspace 99.0.0.*got / });
    close();
  });

  it('refuses other data than those of the build', async () => {
    const zoo = await folderOf('data');
    const origin = jobOrigin(runtime);
    await jobFolder(zoo).writePlan({ source: { ...source, trainImages: 99 }, origin, total: 9, present: 0, begun: Date.now() });
    const { run, close } = jobProcesses({ zoo, threads: 1, fork: (args, env) => fork(program, args, { silent: true, env }) });
    const request = { index: 0, key: jobKeys(plan.jobs, origin)[0]!, wanted: plan.jobs[0]!.names };
    await expect(run(request)).rejects.toMatchObject({ code: 'INVALID_OPTION', message: /got other data/ });
    close();
  });
});

describe('collectByJobs', () => {
  it('collects the same on processes, though one is stopped and one is killed, and runs nothing twice', async () => {
    const of = { kind: 'evaluate', data: 'mnist', limit: 20, instance: undefined, output: undefined } as const;
    const { jobs, chosen } = await evaluationOf(alone, of);
    expect(jobs.map(({ names }) => names.length)).toEqual([8, 1]);
    const origin = jobOrigin(runtime);
    const begun: string[] = [];
    const collect = (onBegin: (pid: number) => void, signal?: AbortSignal) =>
      collectByJobs(jobs, {
        ...{ zoo: alone, kind: 'evaluate', keys: jobKeys(jobs, origin), present: new Set(), concurrency: 1, signal },
        async start({ present, total, signal: stopped }) {
          await jobFolder(alone, 'evaluate').writePlan({ source: of, origin, total, present, begun: Date.now() });
          const fork_ = (args: readonly string[], env: NodeJS.ProcessEnv) => fork(program, args, { silent: true, env });
          const { run, close } = jobProcesses({ zoo: alone, kind: 'evaluate', threads: 1, signal: stopped, fork: fork_ });
          const told = (title: string) => (pid: number | undefined) => {
            begun.push(title);
            onBegin(pid!);
          };
          return { run: (request, job) => run(request, { onBegin: told(job.title) }), close };
        },
      });
    const stop = new AbortController();
    await expect(collect(() => begun.length === 2 && stop.abort(), stop.signal)).rejects.toMatchObject({ message: /of 9 done/ });
    const { bytes, clear } = await collect((pid) => begun.length === 3 && process.kill(pid, 'SIGKILL'));
    expect(begun).toEqual([jobs[0]!, jobs[1]!, jobs[1]!, jobs[1]!].map(({ title }) => title)); // the first is kept, the second was stopped, then killed
    const measured = [...bytes].map(([name, text]) => [name, JSON.parse(new TextDecoder().decode(text)) as unknown]);
    expect(measured).toEqual(chosen.map(({ name, metrics }) => [name, { metrics: { Accuracy: metrics['testAccuracy'] } }]));
    await clear();
    expect(await zooFiles(alone)).toEqual(expected);
  });
});

describe('a sweep of space trainings', () => {
  it('leaves the same files where a process is killed in the middle of a training as where none is', async () => {
    const wild = 'wild-lenet-like-1x28x28-10-w0.1-s0-n1'; // of huge weights
    const config = {
      zoo: alone,
      holdOut: { names: [wild] },
      space: { preset: 'tiny', decoderChannels: 8 },
      batch: { nets: 2, inputs: 8 },
      checkpointEvery: 4,
    };
    const runs = [{ name: 'only', config: { ...config, data: 'mnist', steps: 12, learningRate: 0.001 } }];
    const source = { kind: 'sweep', runs, evaluate: undefined, shared: undefined } as const;
    const train = async (out: string, start: (jobs: readonly Job[], facts: WorkFacts) => Promise<JobRunner>) => {
      const jobs = await sweepJobs(out, source, { runtime });
      const keys = jobKeys(jobs, jobOrigin(runtime));
      const { bytes } = await collectByJobs(jobs, {
        ...{ zoo: out, kind: 'sweep', keys, present: new Set(), concurrency: 1, signal: undefined },
        start: (facts) => start(jobs, facts),
      });
      return { bytes, files: await Promise.all(runs.map(async ({ name }) => zooFiles(join(out, name)))) };
    };
    const bar = { update: () => undefined, stop: () => undefined };
    const one = await folderOf('sweep');
    const here = await train(one, (jobs, facts) => Promise.resolve(jobsHere({ zoo: one, kind: 'sweep', jobs, bar }, facts)));
    const two = await folderOf('sweep');
    let kills = 0;
    const spread = await train(two, async (_, { present, total, signal }) => {
      await jobFolder(two, 'sweep').writePlan({ source, origin: jobOrigin(runtime), total, present, begun: Date.now() });
      const { run, close } = jobProcesses({ ...{ zoo: two, kind: 'sweep', threads: 1, signal }, fork: (args, env) => fork(program, args, { silent: true, env }) }); // prettier-ignore
      const begun = (title: string) => (pid: number | undefined) => {
        const kill = async (): Promise<void> => {
          const checkpoint = () => readdir(join(two, title)).then((names) => names.includes('checkpoint.safetensors'), () => false); // prettier-ignore
          while (!(await checkpoint())) await pause(10);
          kills++;
          process.kill(pid!, 'SIGKILL');
        };
        if (kills === 0) void kill();
      };
      return { run: (request, job) => run(request, { onBegin: begun(job.title) }), close };
    });
    expect(kills).toBe(1);
    expect(Object.keys(here.files[0]!)).toEqual(expect.arrayContaining(['checkpoint.safetensors', 'metrics.jsonl', 'space.json']));
    expect(spread.files).toEqual(here.files);
    expect(spread.bytes).toEqual(here.bytes);
  });
});
