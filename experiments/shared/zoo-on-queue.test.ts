import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { selectRuntime } from '@netspace/node';
import { endOf, programOf } from '@netspace/testing/program-of';
import { redisProgram, redisServer, type RedisServer } from '@netspace/testing/redis-server';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';

import { zooFiles } from '../../packages/node/src/jobs/testing/zoo-files.js';
import { shapeZoo } from '../sdf/shape-zoo.js';
import { digits } from './data.js';
import type { Context } from './experiment.js';
import { builtZoo } from './zoo-stage.js';

describe.skipIf(redisProgram() === undefined)('an experiment with --queue', () => {
  let folder: string;
  let server: RedisServer;
  beforeAll(async () => {
    for (const [name, value] of Object.entries({ NETSPACE_RUNTIME: 'wasm', NETSPACE_THREADS: '1' })) vi.stubEnv(name, value);
    folder = await mkdtemp(join(tmpdir(), 'netspace-experiment-'));
    server = await redisServer({ keeps: false });
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await server.stop();
    await rm(folder, { recursive: true });
  });

  async function contextOf(work: string, queue?: string): Promise<Context> {
    return {
      ...{
        scale: 'smoke',
        seed: 0,
        work,
        runtime: await selectRuntime(),
        signal: new AbortController().signal,
        stepsLimit: undefined,
        queue,
      },
      log: () => undefined,
      progress: () => ({ update: () => undefined, stop: () => undefined }),
      stage: (_, make) => make(),
    };
  }

  it('builds its zoos by a worker of the folder of zoos, to the same files as here', async () => {
    const splits = await digits();
    const groups = [{ architecture: 'lenet-like-1x28x28-10-w0.1', seeds: 2, lengths: [3], unit: 'steps', batchSize: 16 }] as const;
    const zoo = { name: 'digits', recipe: { data: splits.train.name, groups }, splits };
    const [here, there] = [join(folder, 'here'), join(folder, 'there')];
    await builtZoo(await contextOf(here), zoo);
    const main = await programOf('packages/node/src/cli/main.ts');
    await programOf('packages/node/src/jobs/job-main.ts'); // which the command finds beside it
    const child = spawn(process.execPath, [main, 'worker', '--queue', server.url, '--out', join(there, 'zoos'), '--json']);
    onTestFinished(() => void child.kill('SIGKILL'));
    const worker = endOf(child);
    const members = await builtZoo(await contextOf(there, server.url), zoo);
    expect(members).toHaveLength(2);
    expect(JSON.parse((await worker).stdout)).toMatchObject({ done: 2, failed: 0, networks: 2 });
    const [id] = await readdir(join(there, 'zoos'));
    expect(await zooFiles(join(there, 'zoos', id!))).toEqual(await zooFiles(join(here, 'zoos', id!)));
  });

  it('refuses by name what no recipe describes', async () => {
    const context = await contextOf(join(folder, 'shapes'), server.url);
    const recipe = { architecture: 'siren', seed: 0 };
    await expect(shapeZoo(context, { name: 'chairs', recipe, meshes: [] })).rejects.toThrow(/got the zoo of chairs, .*leave --queue out/);
  });
});
