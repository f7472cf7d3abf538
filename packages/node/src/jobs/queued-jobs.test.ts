import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { parseOptions } from '@netspace/prep/internal';
import { openJobQueue } from '@netspace/queue';
import { endOf, programOf } from '@netspace/testing/program-of';
import { freePort, redisProgram, redisServer, type RedisServer } from '@netspace/testing/redis-server';
import { s3Program, s3Server } from '@netspace/testing/s3-server';
import { openInstanceStore } from '@netspace/zoo';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { directoryFiles } from '../files/directory-files.js';
import { filesAt } from '../files/files-at.js';
import { startRunRecord } from '../runs/run-record.js';
import { selectRuntime } from '../runtime/select-runtime.js';
import { buildByJobs } from './build-by-jobs.js';
import { jobFolder } from './folder/job-folder.js';
import { jobKeys, jobOrigin } from './job-key.js';
import type { JobRequest } from './job-messages.js';
import { jobProcesses } from './job-processes.js';
import { joinQueues, memoryNeed } from './queue/job-queues.js';
import { presenceAt, unmetLines } from './queue/presence.js';
import { openQueues } from './queue/open-queue.js';
import { queuedJobs } from './queue/queued-jobs.js';
import { preloaded } from './testing/preloaded.js';
import { spansAboveJobs, type Traced, tracesIn } from './testing/traced-jobs.js';
import { tinyRecipe, zooFiles, zooFilesAt } from './testing/zoo-files.js';
import { nameOfFacts } from './queue/worker-facts.js';
import { anyRecipe, planOfSource } from './zoo-source.js';

const IMAGES = { trainImages: 100, testImages: 20 };
/** How long the store is gone, in seconds. */
const GONE = Number(process.env['NETSPACE_TEST_GONE'] ?? 2);

describe.skipIf(redisProgram() === undefined)('a build with --queue', () => {
  let root: string;
  let main: string;
  let server: RedisServer;
  let recipe: string;
  let expected: Readonly<Record<string, string>>;
  let alone: string;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'netspace-queued-'));
    main = await programOf('packages/node/src/cli/main.ts');
    await programOf('packages/node/src/jobs/job-main.ts'); // which the command finds beside it
    server = await redisServer({ keeps: false, password: 'secret-word' });
    recipe = join(root, 'recipe.json');
    await writeFile(recipe, JSON.stringify(tinyRecipe));
    const zoo = (alone = await folderOf('alone'));
    expect((await build(zoo).ended).stdout).toMatch(/"DIVERGED"/);
    expected = await zooFiles(zoo);
    expect(Object.keys(expected)).toContain('metrics.jsonl');
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });
  afterAll(async () => {
    await server.stop();
    await rm(root, { recursive: true });
  });

  const folderOf = (name: string): Promise<string> => mkdtemp(join(root, `${name}-`));
  const address = (): string => server.url.replace('//', '//:secret-word@');

  /** Runs the command in a process of its own. */
  function netspace(...args: readonly string[]) {
    const child = spawn(process.execPath, [main, ...args, '--runtime', 'wasm'], { env: { ...process.env, NETSPACE_THREADS: '1' } });
    children.push(child);
    return { child, ended: endOf(child) };
  }
  const build = (zoo: string, ...more: readonly string[]) =>
    netspace('zoo', 'build', recipe, '--out', zoo, '--train-images', '100', '--test-images', '20', '--json', ...more);
  const worker = (zoo: string, lock = '2', ...more: readonly string[]) =>
    netspace('worker', '--queue', address(), '--out', zoo, '--lock', lock, '--json', ...more);

  async function until(holds: () => Promise<boolean>): Promise<void> {
    for (let waits = 0; !(await holds()); waits++) {
      if (waits > 2400) throw new Error('waited for two minutes in vain');
      await setTimeout(50);
    }
  }
  const networksAt = async (zoo: string): Promise<number> => (await openInstanceStore(filesAt(zoo)).list()).length;
  const networksIn = async (zoo: string): Promise<number> => (await openInstanceStore(directoryFiles(zoo)).list()).length;

  it('gives the same files with two workers and two builders as alone, with clocks 5 minutes apart, traced, and shows no password', async () => {
    const zoo = await folderOf('spread');
    const spans = await folderOf('spans');
    const [told, toldToo] = [await freePort(), await freePort()];
    vi.stubEnv('NETSPACE_TEST_SPANS', spans);
    vi.stubEnv('NODE_OPTIONS', preloaded('telemetry-sdk'));
    const asked = async ({ ended }: ReturnType<typeof netspace>, port: number, holds: RegExp): Promise<string> => {
      let [text, said] = ['', ''];
      void ended.then(({ stdout, stderr }) => (said = `ended with ${stdout}${stderr}`));
      await until(async () => {
        text = await fetch(`http://127.0.0.1:${port}/metrics`).then((answer) => answer.text(), () => ''); // prettier-ignore
        if (said !== '' && !holds.test(text)) throw new Error(`expected metrics, got a process that ${said}`);
        return holds.test(text);
      });
      return text;
    };
    // Each is asked before the next begins, so that none has done its work by then.
    const builders = [build(zoo, '--queue', address(), '--metrics', `127.0.0.1:${told}`, '--telemetry')];
    const ofBuilder = await asked(builders[0]!, told, /netspace_queue_jobs_waiting \d/);
    const workers = [worker(zoo, '2', '--metrics', `127.0.0.1:${toldToo}`, '--telemetry')];
    const ofWorker = await asked(workers[0]!, toldToo, /jobs_done_total \d/);
    vi.stubEnv('NETSPACE_TEST_CLOCK', String(5 * 60_000));
    vi.stubEnv('NODE_OPTIONS', preloaded('telemetry-sdk', 'shifted-clock'));
    workers.push(worker(zoo, '2', '--telemetry'));
    vi.stubEnv('NETSPACE_TEST_CLOCK', String(-5 * 60_000));
    builders.push(build(zoo, '--queue', address(), '--telemetry'));
    vi.unstubAllEnvs();
    expect(ofBuilder).toMatch(/# TYPE netspace_queue_jobs_active gauge\nnetspace_queue_jobs_active \d/);
    expect(ofBuilder).toMatch(/netspace_build_networks_wanted 10\n/);
    expect(ofWorker).toMatch(/# TYPE netspace_worker_jobs_done_total counter\nnetspace_worker_jobs_done_total \d/);
    const ends = await Promise.all([...builders, ...workers].map(({ ended }) => ended));
    for (const { stdout } of ends.slice(0, 2)) expect(stdout).toMatch(/"DIVERGED".*one job is set aside/);
    expect(await zooFiles(zoo)).toEqual(expected);
    const done = ends.slice(2).map(({ stdout }) => (JSON.parse(stdout) as { done: number }).done);
    expect(done[0]! + done[1]!).toBe(4);
    const record = await readFile(join(zoo, 'run.json'), 'utf8');
    const traces = await tracesIn(spans);
    expectTraces(traces.map((text) => JSON.parse(text) as Traced));
    for (const said of [record, ...traces, ofBuilder, ofWorker, ...ends.flatMap(({ stdout, stderr }) => [stdout, stderr])])
      expect(said).not.toContain('secret-word');
    expect(await readdir(join(zoo, '.jobs'))).toEqual(['set-aside']);
  });

  it('gives workers the jobs that fit into their memory, and tells which jobs wait in vain', async () => {
    const open = (need: number) => openJobQueue<number>({ url: address(), name: `fit-${need}` });
    const [small, large] = [await open(724), await open(2896)];
    const all = new Map([[724, small], [2896, large]]); // prettier-ignore
    const adding = joinQueues(all, (data) => data);
    await adding.add([724, 2896, 2896].map((data, i) => ({ key: `a${i}`, data })));
    const done: number[] = [];
    const run = ({ data }: { readonly data: number }) => Promise.resolve(done.push(data)).then(() => 'done' as const);
    const facts = { worker: 'here:1', runtime: 'wasm', device: 'x y', concurrency: 2, threads: 1, memory: 1024 };
    const own = [await open(724), await open(724), await open(2896)];
    const working = [joinQueues(new Map([[724, own[0]!]]), () => 724).work(2, run, nameOfFacts(facts))];
    await until(async () => done.length === 1 && (await adding.workers())?.length === 1);
    const presence = await presenceAt(all);
    expect(presence).toEqual({ workers: [facts], unmet: [{ memory: 2896, jobs: 2 }] });
    expect(unmetLines(presence!)).toEqual([
      expect.stringMatching(/^2 jobs wait for 2.83 GiB of memory, and no worker there has as much \(the most is 1 GiB/),
    ]);
    expect(await adding.counts()).toEqual({ waiting: 2, active: 0, failed: 0 });
    const both = joinQueues(new Map([[724, own[1]!], [2896, own[2]!]]), () => 724); // prettier-ignore
    working.push(both.work(1, run, nameOfFacts({ ...facts, worker: 'there:1', memory: 4096 })));
    await until(() => Promise.resolve(done.length === 3));
    expect((await presenceAt(all))!.unmet).toEqual([]);
    await Promise.all(working.map((each) => each.close()));
    for (const queue of [...own, adding]) await queue.close();
    expect([undefined, 1, 512, 600, 2000].map((mebibytes) => memoryNeed(mebibytes && mebibytes * 2 ** 20))).toEqual([
      0, 256, 512, 724, 2048,
    ]);
  });

  /** A build of three jobs of some seconds. */
  async function longBuild(zoo: string, ...more: readonly string[]) {
    const long = join(root, 'long.json');
    await writeFile(long, JSON.stringify({ groups: [{ ...tinyRecipe.groups[0], lengths: [1, 240] }] }));
    return netspace('zoo', 'build', long, '--out', zoo, '--train-images', '100', '--test-images', '20', '--json', ...more);
  }
  let longZoo: Promise<Record<string, string>> | undefined;
  const expectedLong = (): Promise<Record<string, string>> =>
    (longZoo ??= (async () => {
      const zoo = await folderOf('alone-long');
      expect((await (await longBuild(zoo)).ended).code).toBe(0);
      return zooFiles(zoo);
    })());

  it('keeps jobs of more than twice the lock, and loses nothing where a worker is killed in the middle of one', async () => {
    const zoo = await folderOf('killed');
    const builder = await longBuild(zoo, '--queue', address());
    const [first, second] = [worker(zoo, '1'), worker(zoo, '1')];
    await until(async () => (await jobFolder(zoo).readPlan())?.queueId !== undefined);
    const { queueId, needs = [0] } = (await jobFolder(zoo).readPlan())!;
    const queue = joinQueues(await openQueues({ url: address(), id: queueId!, needs, onOutage: () => undefined }), () => 0);
    await until(async () => (await queue.counts()).active === 2); // each worker is in the middle of a job
    const killed = Date.now();
    first.child.kill('SIGKILL');
    await queue.close();
    expect((await builder.ended).code).toBe(0);
    const { done } = JSON.parse((await second.ended).stdout) as { done: number };
    expect(done).toBeGreaterThanOrEqual(1);
    expect(Date.now() - killed).toBeGreaterThan(1000); // the lock of what was lost
    expect(await zooFiles(zoo)).toEqual(await expectedLong());
  });

  it('gives the job of a worker that is stopped to another at once, and loads nothing for traces that nobody asked for', async () => {
    const zoo = await folderOf('stopped');
    const loaded = join(root, 'loaded.txt');
    vi.stubEnv('NETSPACE_TEST_LOADED', loaded);
    vi.stubEnv('NODE_OPTIONS', preloaded('loaded-modules'));
    const builder = await longBuild(zoo, '--queue', address());
    vi.unstubAllEnvs();
    const first = worker(zoo, '3600'); // a job that is not given back would be lost for an hour
    await until(async () => (await networksIn(zoo)) > 0);
    first.child.kill('SIGINT');
    expect((await first.ended).code).toBe(130);
    worker(zoo, '3600');
    expect((await builder.ended).code).toBe(0);
    const modules = await readFile(loaded, 'utf8');
    expect(modules).toMatch(/ioredis/);
    expect(modules).not.toMatch(/node_modules\/(@opentelemetry|bullmq-otel)\//);
    expect(await zooFiles(zoo)).toEqual(await expectedLong());
  });

  it('measures a zoo on a worker, and finds what the build measured', async () => {
    const evaluation = netspace(
      'zoo',
      'evaluate',
      alone,
      '--data',
      'mnist',
      '--limit',
      '20',
      '--as',
      'again',
      '--json',
      '--queue',
      address(),
    );
    const { stdout } = await worker(alone).ended;
    expect(JSON.parse(stdout)).toMatchObject({ done: 2, failed: 0, networks: 9 });
    const { instances } = JSON.parse((await evaluation.ended).stdout) as { instances: { metrics: Record<string, number> }[] };
    expect(instances).toHaveLength(9);
    for (const { metrics } of instances) expect(metrics['againAccuracy']).toBe(metrics['testAccuracy']);
    await rm(join(alone, 'measures.jsonl'));
    expect(await zooFiles(alone)).toEqual(expected);
  });

  it.skipIf(s3Program() === undefined)(
    'gives the same files in a bucket, though a worker is killed and the store is gone for a while, and shows no key',
    async () => {
      const store = await s3Server();
      for (const [name, value] of Object.entries(store.env)) vi.stubEnv(name, value);
      try {
        const zoo = `s3://${store.bucket}/zoos/spread`;
        const builder = build(zoo, '--queue', address());
        const killed = worker(zoo);
        await until(async () => (await jobFolder(zoo).resultKeys()).length > 0 || (await networksAt(zoo)) > 0);
        killed.child.kill('SIGKILL');
        const back = performance.now() + 1000 * GONE;
        store.fault = () => (performance.now() < back ? 'drop' : 'pass');
        const ends = await Promise.all([builder, worker(zoo)].map(({ ended }) => ended));
        expect(ends[0]!.stdout).toMatch(/"DIVERGED".*one job is set aside/);
        expect(ends[1]!.code).toBe(0);
        expect(await zooFilesAt(zoo)).toEqual(expected);
        const status = await netspace('zoo', 'status', zoo, '--json').ended;
        expect(JSON.parse(status.stdout)).toMatchObject({ zoo, state: 'failed', networks: 9, total: 10, setAside: [{ tries: 1 }] });
        const page = join(root, 'bucket.html');
        expect(JSON.parse((await netspace('report', zoo, '--out', page, '--json').ended).stdout)).toMatchObject({
          report: page,
          networks: 9,
        });
        const record = new TextDecoder().decode(await filesAt(zoo).read('run.json'));
        for (const said of [record, await readFile(page, 'utf8'), status.stdout, ...ends.flatMap(({ stdout, stderr }) => [stdout, stderr])])
          for (const key of [store.env['AWS_SECRET_ACCESS_KEY']!, store.env['AWS_ACCESS_KEY_ID']!]) expect(said).not.toContain(key);
      } finally {
        vi.unstubAllEnvs();
        await store.stop();
      }
    },
  );

  it('loses nothing where the server is restarted without its data', async () => {
    const zoo = await folderOf('restarted');
    const builder = build(zoo, '--queue', address());
    worker(zoo);
    await until(async () => (await networksIn(zoo)) > 0);
    await server.restart({ downMs: 1000 });
    expect((await builder.ended).stdout).toMatch(/"DIVERGED"/);
    expect(await zooFiles(zoo)).toEqual(expected);
  });

  it('goes on after the builder was killed, with what the workers did meanwhile', async () => {
    const zoo = await folderOf('left');
    const builder = await longBuild(zoo, '--queue', address()); // of short jobs a quick worker leaves less than two for the time after
    worker(zoo);
    await until(async () => (await networksIn(zoo)) > 0);
    builder.child.kill('SIGKILL');
    await until(async () => (await jobFolder(zoo).resultKeys()).length >= 2);
    expect((await (await longBuild(zoo, '--queue', address())).ended).code).toBe(0);
    expect(await zooFiles(zoo)).toEqual(await expectedLong());
  });

  it('refuses a worker of another version, in words', async () => {
    const zoo = await folderOf('version');
    const runtime = await selectRuntime({ prefer: 'wasm' });
    const source = { recipe: parseOptions('recipe', anyRecipe, tinyRecipe) };
    const origin = { ...jobOrigin(runtime), netspace: '99.0.0' };
    await jobFolder(zoo).writePlan({ source, origin, total: 9, present: 0, begun: Date.now(), queueId: 'abc' });
    const { code, stdout } = await worker(zoo).ended;
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'UNSUPPORTED', message: expect.stringMatching(/expected netspace 99.0.0.*install the same version/) as unknown },
    });
  });

  it('refuses a worker without the memory that jobs need, and says in the status what waits', async () => {
    const zoo = await folderOf('memory');
    const runtime = await selectRuntime({ prefer: 'wasm' });
    const source = { recipe: parseOptions('recipe', anyRecipe, tinyRecipe) };
    const folder = jobFolder(zoo);
    await folder.writePlan({ source, origin: jobOrigin(runtime), total: 9, present: 0, begun: Date.now(), queueId: 'abc', needs: [1448] });
    await startRunRecord(zoo, { command: 'zoo build', config: {}, seed: 0, runtime });
    await folder.writePresence({ workers: [], unmet: [{ memory: 1448, jobs: 5 }] });
    const ends = [worker(zoo, '2', '--memory', '1'), netspace('zoo', 'status', zoo)];
    const [refused, status] = await Promise.all(ends.map(({ ended }) => ended));
    expect(JSON.parse(refused!.stdout)).toMatchObject({
      error: { code: 'LIMIT_EXCEEDED', message: expect.stringMatching(/expected 1.41 GiB .*for each of 1 jobs.* got 1 GiB/) as unknown },
    });
    expect(status!.stdout).toMatch(/5 jobs wait for 1.41 GiB of memory, and no worker is there; start netspace worker/);
  });

  it('sets a poison job aside after three tries by any worker, and adds all others', async () => {
    const zoo = await folderOf('poison');
    const runtime = await selectRuntime({ prefer: 'wasm' });
    const source = { recipe: parseOptions('recipe', anyRecipe, tinyRecipe), ...IMAGES };
    const plan = await planOfSource(source);
    const origin = jobOrigin(runtime);
    const keys = jobKeys(plan.jobs, origin);
    const program = await programOf('packages/node/src/jobs/job-main.ts');
    const processes = jobProcesses({ zoo, threads: 1, fork: (args, env) => fork(program, args, { silent: true, env }) });
    const open = async (id: string) =>
      new Map([[0, await openJobQueue<JobRequest>({ url: address(), name: `netspace-${id}`, lockMs: 1000 })]]);
    let tries = 0;
    const bar = { update: () => undefined, stop: () => undefined };
    const start = async (facts: Parameters<typeof queuedJobs>[1]) => {
      const needs = plan.jobs.map(() => 0);
      const runner = await queuedJobs({ zoo, kind: 'build', source, origin, bar, needs, open, note: () => undefined }, facts);
      const own = (await open((await jobFolder(zoo).readPlan())!.queueId!)).get(0)!;
      const working = own.work(2, async ({ data }) => {
        if (data.key === keys[1]) throw new Error(`out of memory, ${++tries}`);
        await processes.run(data);
        return 'done';
      });
      const close = async (complete: boolean) => {
        await working.close();
        await own.close();
        processes.close();
        await runner.close(complete);
      };
      return { ...runner, close };
    };
    const store = openInstanceStore(directoryFiles(zoo));
    const building = (async () => {
      for await (const _ of buildByJobs(plan, { store, zoo, keys, concurrency: 100, start }));
    })();
    await expect(building).rejects.toMatchObject({ code: 'UNAVAILABLE', message: /2 jobs are set aside.*tried 3 times; out of memory, 3/ });
    expect(tries).toBe(3);
    expect(await networksIn(zoo)).toBe(7);
  });
});

/** Each job's span in a worker is below that of a build. */
function expectTraces(processes: readonly Traced[]): void {
  const way = [expect.stringMatching(/^process /), expect.stringMatching(/^add/), 'netspace zoo build'];
  expect(spansAboveJobs(processes)).toEqual([way, way, way, way]);
  const measures = new Set(processes.flatMap((one) => one.measures.map(({ descriptor }) => descriptor.name)));
  expect([...measures]).toEqual(expect.arrayContaining(['netspace_build_networks', 'netspace_worker_jobs_done_total']));
}
