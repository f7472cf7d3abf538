import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { selectRuntime } from '@netspace/node';
import { openJobQueue } from '@netspace/queue';
import { boxMesh, seatMeshes } from '@netspace/shapes';
import { endOf, programOf } from '@netspace/testing/program-of';
import { redisProgram, redisServer, type RedisServer } from '@netspace/testing/redis-server';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';

import { zooFiles } from '../../packages/node/src/jobs/testing/zoo-files.js';
import { shapeZoo } from '../sdf/shape-zoo.js';
import { digits } from './data.js';
import type { Context } from './experiment.js';
import { meshesForRecipe } from './shapes-on-queue.js';
import { makePartsOnQueue, workOnParts } from './parts-on-queue.js';
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

  it('builds a zoo of shapes, in the order of its meshes and from a start, to the same files as here', async () => {
    const [here, there] = [await contextOf(join(folder, 'shapes')), await contextOf(join(folder, 'shapes-there'), server.url)];
    const recipe = { architecture: 'siren-3-8x1-1', samples: 100, steps: 3, batchSize: 50, bounds: 0.6, atOnce: 2 };
    const boxes = ['b', 'a'].map((name, i) => ({ name, mesh: boxMesh({ size: [0.3 + i / 10, 0.5, 0.7] }) }));
    const [start] = await shapeZoo(here, { name: 'start', recipe, meshes: boxes });
    const zoo = { name: 'boxes', recipe: { ...recipe, seed: 1 }, meshes: boxes, start: start! };
    await shapeZoo(here, zoo);
    const main = await programOf('packages/node/src/cli/main.ts');
    const child = spawn(process.execPath, [main, 'worker', '--queue', server.url, '--out', join(there.work, 'zoos'), '--json']);
    onTestFinished(() => void child.kill('SIGKILL'));
    const worker = endOf(child);
    const shapes = await shapeZoo(there, zoo);
    expect(shapes.map(({ name }) => name)).toEqual(['b', 'a']);
    expect(JSON.parse((await worker).stdout)).toMatchObject({ done: 1, failed: 0, networks: 2 });
    const [id] = await readdir(join(there.work, 'zoos'));
    expect(await zooFiles(join(there.work, 'zoos', id!))).toEqual(await zooFiles(join(here.work, 'zoos', id!)));
  });

  it('names seats by their seeds, whose meshes no file holds as they are, and refuses other such meshes', async () => {
    const [eight, nine, ten, eleven] = await seatMeshes({ count: 4, seed: 8 });
    expect(await meshesForRecipe(join(folder, 'seats'), [eight!, ten!, eleven!])).toEqual({ seats: [8, 10, 11] });
    const others = [{ name: 'seat-8', mesh: nine!.mesh }];
    await expect(meshesForRecipe(join(folder, 'seats'), others)).rejects.toThrow(/expected a mesh that a file holds as it is, got seat-8/);
  });

  const named = (...names: readonly string[]) =>
    names.map((name) => ({ name, make: () => Promise.reject(new Error(`${name} was made by the wrong process`)) }));

  it('shares the parts of a phase between machines, each made once, and makes nothing that the experiment does not have', async () => {
    const made: Record<string, string[]> = { here: [], there: [] };
    const making = (machine: string) => async (part: string) => {
      await setTimeout(50);
      made[machine]!.push(part);
    };
    const context = await contextOf(folder, server.url);
    const alone: string[] = [];
    const zoo = { name: 'zoo', make: () => Promise.resolve(alone.push('zoo')) };
    const phases = [[zoo], named('a', 'b', 'c', 'd', 'e', 'f')];
    const stop = new AbortController();
    const options = { url: server.url, id: 'parts', processes: 1 };
    const strange = await openJobQueue<object>({ url: server.url, name: 'netspace-parts-parts' });
    await strange.add([{ key: 'ab', data: { part: '../../evil' } }]);
    await strange.close();
    const there = workOnParts(phases, { ...context, signal: stop.signal }, { ...options, make: making('there') });
    await makePartsOnQueue(phases, context, { ...options, make: making('here') });
    stop.abort();
    await there;
    expect(alone).toEqual(['zoo']);
    expect([...made['here']!, ...made['there']!].sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(Math.min(made['here']!.length, made['there']!.length)).toBeGreaterThan(0);
  });

  it('ends when a part fails three times, and says which and why', async () => {
    let tries = 0;
    const make = (part: string) => (part === 'b' ? Promise.reject(new Error(`no memory, ${++tries}`)) : Promise.resolve());
    const building = makePartsOnQueue([named('a', 'b')], await contextOf(folder, server.url), {
      url: server.url,
      id: 'failing',
      processes: 2,
      make,
    });
    await expect(building).rejects.toThrow('part b: tried 3 times; no memory, 3');
  });
});
