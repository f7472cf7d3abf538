import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { openJobQueue } from '@netspace/queue';
import { endOf, programOf } from '@netspace/testing/program-of';
import { freePort, redisProgram, tlsRedisServer, type TlsServer } from '@netspace/testing/redis-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { jobFolder } from './folder/job-folder.js';
import type { WorkKind } from './work-kind.js';
import { preloaded } from './testing/preloaded.js';
import { spansAboveJobs, type Traced, tracesIn } from './testing/traced-jobs.js';
import { tinyRecipe, zooFiles } from './testing/zoo-files.js';

describe.skipIf(redisProgram() === undefined)('works over a zoo', () => {
  let root: string;
  let main: string;
  let server: TlsServer;
  const children: ChildProcess[] = [];
  const at = (...names: readonly string[]): string => join(root, ...names);

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'netspace-works-'));
    main = await programOf('packages/node/src/cli/main.ts');
    await programOf('packages/node/src/jobs/job-main.ts'); // which the command finds beside it
    server = await tlsRedisServer({ keeps: false, password: 'secret-word' });
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await server.stop();
    await rm(root, { recursive: true });
  });

  function start(...args: readonly string[]) {
    const secrets = { NETSPACE_QUEUE_PASSWORD: 'secret-word', NODE_EXTRA_CA_CERTS: server.authority };
    const traced = args.includes('--telemetry') && { NETSPACE_TEST_SPANS: at('spans'), NODE_OPTIONS: preloaded('telemetry-sdk') };
    const env = { ...process.env, ...secrets, ...traced, NETSPACE_RUNTIME: 'wasm', NETSPACE_THREADS: '1' };
    const child = spawn(process.execPath, [main, ...args, '--json'], { env, cwd: root });
    children.push(child);
    return endOf(child);
  }
  async function run(...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
    const { code, stdout, stderr } = await start(...args);
    expect(code, stderr).toBe(0);
    expect(stdout + stderr).not.toContain('secret-word');
    return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
  }

  it('a build goes by TLS, with an authority of its own and a password from the environment; others are refused', async () => {
    await writeFile(at('recipe.json'), JSON.stringify({ atOnce: 4, groups: [{ ...tinyRecipe.groups[0], lengths: [1, 2] }] }));
    const build = ['zoo', 'build', at('recipe.json'), '--out', at('zoo'), '--train-images', '60', '--test-images', '20'];
    const [built, worked] = await Promise.all([
      run(...build, '--queue', server.tlsUrl),
      run('worker', '--queue', server.tlsUrl, '--out', at('zoo')),
    ]);
    expect(built).toMatchObject({ added: 6 });
    expect(worked).toMatchObject({ done: 1, networks: 6 });
    const untrusted = openJobQueue({ url: server.tlsUrl, name: 'x', password: 'secret-word' });
    await expect(untrusted).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/got SELF_SIGNED_CERT_IN_CHAIN; its certificate is not trusted here: NODE_EXTRA_CA_CERTS/) as unknown,
    });
  });

  it('a sweep, an alignment, encodings and measures go by one worker of their folder, to the bytes that they have here', async () => {
    await mkdir(at('here'));
    await mkdir(at('there'));
    await mkdir(at('spans'));
    for (const place of ['here', 'there']) await cp(at('zoo'), at(place, 'zoo'), { recursive: true });
    const config = {
      zoo: at('zoo'),
      data: 'mnist#train=60',
      steps: 2,
      batch: { nets: 2, inputs: 4 },
      space: { preset: 'tiny', decoderChannels: 8 },
    };
    await writeFile(at('space.json'), JSON.stringify(config));
    await writeFile(at('sweep.json'), JSON.stringify({ config: 'space.json', seeds: [3] }));
    const name = 'lenet-like-1x28x28-10-w0.1-s0-n2';
    const works = (place: string, ...how: readonly string[]) => ({
      sweep: () => run('sweep', at('sweep.json'), '--out', at(place, 'runs'), ...how),
      align: () => run('zoo', 'align', at('zoo'), '--to', name, '--out', at(place, 'aligned'), ...how),
      encode: () =>
        run('zoo', 'encode', at(place, 'zoo'), '--space', at('here', 'runs', 'seed-3'), '--out', at(`${place}.safetensors`), ...how),
      evaluate: () => run('zoo', 'evaluate', at(place, 'zoo'), '--data', 'mnist#test=20', '--as', 'again', ...how),
    });
    const alone = works('here');
    const { runs } = (await alone.sweep()) as { runs: readonly { losses: object }[] };
    expect(runs[0]!.losses).toHaveProperty('loss'); // of the last step: fewer than are read at once
    await alone.align();
    await alone.encode();
    await alone.evaluate();
    const all = [['runs', 'sweep', 'sweep'], ['aligned', 'build', 'align'], ['zoo', 'encode', 'encode'], ['zoo', 'evaluate', 'evaluate']] as const; // prettier-ignore
    const ports = await Promise.all([...all, 'worker'].map(() => freePort()));
    const ends = all.map(([, , work], i) =>
      works('there', '--queue', server.tlsUrl, '--metrics', `127.0.0.1:${ports[i]}`, '--telemetry')[work](),
    );
    const planned = async (folder: string, kind: WorkKind) =>
      (await jobFolder(at('there', folder), kind).readPlan())?.queueId !== undefined;
    for (let waits = 0; !(await Promise.all(all.map(([folder, kind]) => planned(folder, kind)))).every(Boolean); waits++) {
      if (waits > 2400) throw new Error('waited for two minutes in vain');
      await setTimeout(50);
    }
    const needs = await Promise.all(all.map(async ([folder, kind]) => (await jobFolder(at('there', folder), kind).readPlan())!.needs));
    expect(needs).toEqual([[724], [724], [724], [724]]); // MiB
    const small = await start('worker', '--queue', server.tlsUrl, '--out', at('there', 'runs'), '--memory', '0.7');
    expect(small.stderr).toMatch(/LIMIT_EXCEEDED.*expected 0.707 GiB of free memory for each of 1 jobs at once/);
    const told = ports.map(() => '');
    const ask = async (port: number, i: number) =>
      (told[i] = await fetch(`http://127.0.0.1:${port}/metrics`).then((answer) => answer.text(), () => told[i]!)); // prettier-ignore
    await Promise.all(ports.map(ask));
    for (const [i, [, , work]] of all.entries()) {
      const [what, count] = work === 'sweep' ? ['spaces', 1] : ['networks', 6];
      expect(told[i]).toContain(`\nnetspace_${work}_${what} 0\n`);
      expect(told[i]).toContain(`\nnetspace_${work}_${what}_wanted ${count}\n`);
      expect(told[i]).toContain('\nnetspace_queue_jobs_waiting 1\n');
    }
    const worker = run(
      'worker',
      '--queue',
      server.tlsUrl,
      '--out',
      at('there'),
      '--metrics',
      `127.0.0.1:${ports.at(-1)!}`,
      ...['--memory', '1', '--telemetry'],
    );
    const watching = new AbortController();
    const watched = (async () => {
      while (!watching.signal.aborted) {
        await ask(ports.at(-1)!, ports.length - 1);
        await setTimeout(100);
      }
    })();
    await Promise.all(ends);
    expect(await worker).toMatchObject({ done: 4, failed: 0, networks: 19 });
    watching.abort();
    await watched;
    for (const [, , work] of all) expect(told.at(-1)).toContain(`netspace_worker_work_jobs_done_total{work="${work}"} 1\n`);
    const traces = await tracesIn(at('spans'));
    const above = spansAboveJobs(traces.map((text) => JSON.parse(text) as Traced)).map((names) => names.at(-1));
    expect(above.toSorted()).toEqual(['netspace sweep', 'netspace zoo align', 'netspace zoo encode', 'netspace zoo evaluate']);
    expect(traces.join('')).not.toContain('secret-word');
    expect(await zooFiles(at('there', 'zoo'))).toEqual(await zooFiles(at('here', 'zoo'))); // with measures
    expect(await zooFiles(at('there', 'aligned'))).toEqual(await zooFiles(at('here', 'aligned')));
    expect(await zooFiles(at('there', 'runs', 'seed-3'))).toEqual(await zooFiles(at('here', 'runs', 'seed-3')));
    const [here, there] = await Promise.all(['here', 'there'].map((place) => readFile(at(`${place}.safetensors`))));
    expect(there!.equals(here!)).toBe(true);
  });
});
