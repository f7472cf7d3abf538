import '@tensorflow/tfjs';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { directoryFiles } from '@netspace/node';
import { disposeInstances } from '@netspace/prep';
import { httpFiles, initialize, type InstanceEntry, openInstanceStore, siren, type StoreFiles } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import { median } from '../measure.js';
import { machineFacts, taken } from '../results.js';

/** 953 numbers. */
const architecture = siren({ hidden: 28, layers: 1 });
const SIZES = [10, 1000, 100_000];
const SAMPLES = 200;
const BATCH = 1000;

interface StoreResult {
  readonly networks: number;
  readonly files: number;
  readonly mebibytes: number;
  readonly addMs: number;
  readonly addFastestMs: number;
  readonly addCpuMs: number;
  readonly firstAddMs: number;
  readonly addManyMsEach: number;
  readonly listMs: number;
  readonly listFastestMs: number;
  readonly listCpuMs: number;
  readonly listAgainMs: number;
  readonly loadMs: number;
  readonly loadFastestMs: number;
  readonly loadCpuMs: number;
  readonly loadFirstMs: number;
  readonly httpLoadMs: number;
  readonly httpRequests: number;
  readonly verifyMsEach: number;
  readonly verifyHeapMebibytes: number;
}

/** Times adding, listing, loading and verifying in zoos of three sizes, in a folder and over http on this machine. */
export async function benchStore(out: string): Promise<void> {
  await tf.setBackend('cpu');
  const results: StoreResult[] = [];
  const load = loadavg()[0]!;
  for (const networks of SIZES) {
    const folder = mkdtempSync(join(tmpdir(), 'netspace-bench-'));
    try {
      results.push(await measureStore(folder, networks));
      console.log(JSON.stringify(results.at(-1)));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  const machine = { ...machineFacts(1, undefined), load: Number(load.toFixed(1)), ...taken() };
  const table = tableOf(results);
  console.log(table);
  writeFileSync(`${out}store.json`, `${JSON.stringify({ machine, results }, undefined, 2)}\n`);
  const facts = Object.entries(machine).map(([key, value]) => `${key} ${value}`);
  writeFileSync(`${out}store.md`, `${facts.join(', ')}\n\n${table}\n`);
}

async function measureStore(folder: string, networks: number): Promise<StoreResult> {
  const files = directoryFiles(folder);
  const store = openInstanceStore(files);
  let filled = 0;
  const fill = performance.now();
  while (filled < networks) {
    const entries = Array.from({ length: Math.min(BATCH, networks - filled) }, (_, i) => entryOf(filled + i));
    await store.addAll(entries);
    disposeInstances(entries.map(({ instance }) => instance));
    filled += entries.length;
  }
  const addManyMsEach = (performance.now() - fill) / networks;
  const another = openInstanceStore(directoryFiles(folder)); // which has not read anything yet
  const firstAddMs = await timed(() => addOne(another, networks));
  const { median: addMs, fastest: addFastestMs } = await timesOf(SAMPLES, (i) => addOne(store, networks + 1 + i));
  const addCpuMs = await cpuOf(SAMPLES, (i) => addOne(store, networks + 1 + SAMPLES + i));
  const total = networks + 1 + 2 * SAMPLES;
  const { median: listMs, fastest: listFastestMs } = await timesOf(5, () => openInstanceStore(directoryFiles(folder)).list());
  const listCpuMs = await cpuOf(5, () => openInstanceStore(directoryFiles(folder)).list());
  const { median: listAgainMs } = await timesOf(20, () => store.list());
  const { median: loadFirstMs } = await timesOf(5, () => loadOne(openInstanceStore(directoryFiles(folder)), 3));
  const { median: loadMs, fastest: loadFastestMs } = await timesOf(SAMPLES, (i) => loadOne(store, (i * 7919) % total));
  const loadCpuMs = await cpuOf(SAMPLES, (i) => loadOne(store, (i * 7919) % total));
  const { httpLoadMs, httpRequests } = await overHttp(files, total);
  const before = heldBytes();
  let most = 0;
  const timer = setInterval(() => (most = Math.max(most, heldBytes())), 2000);
  const verifyMs = await timed(async () => {
    const problems = await openInstanceStore(directoryFiles(folder)).verify();
    if (problems.length > 0) throw new Error(problems[0]!.problem);
  });
  clearInterval(timer);
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = paths.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  return {
    ...{ addCpuMs, listCpuMs, loadCpuMs, addFastestMs, listFastestMs, loadFastestMs },
    ...{ networks, files: paths.length, mebibytes: bytes / 2 ** 20, addMs, firstAddMs, addManyMsEach, listMs, listAgainMs },
    ...{ loadMs, loadFirstMs, httpLoadMs, httpRequests, verifyMsEach: verifyMs / total },
    verifyHeapMebibytes: Math.max(0, most - before) / 2 ** 20,
  };
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** The heap without what is only waiting to be collected. */
function heldBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

function entryOf(seed: number): InstanceEntry {
  const instance = { architecture, parameters: initialize(architecture.parameters, { seed, scheme: 'siren' }) };
  return { name: `net-${seed}`, instance, epochs: 10, seed, metrics: { testAccuracy: (seed % 1000) / 1000, testLoss: 1 / (1 + seed) } };
}

async function addOne(store: ReturnType<typeof openInstanceStore>, seed: number): Promise<void> {
  const entry = entryOf(seed);
  await store.add(entry);
  disposeInstances([entry.instance]);
}

async function loadOne(store: ReturnType<typeof openInstanceStore>, seed: number): Promise<void> {
  const { parameters } = await store.load(`net-${seed}`);
  disposeInstances([{ parameters }]);
}

/** The same files by a server on this machine, which knows ranges. */
async function overHttp(files: StoreFiles, total: number) {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    const [, begin, end] = (/bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? []).map(Number);
    const path = request.url!.slice(1);
    void (begin === undefined ? files.read(path) : files.readRange!(path, begin, end! + 1)).then((bytes) =>
      response
        .writeHead(begin === undefined ? 200 : 206, begin === undefined ? {} : { 'content-range': `bytes ${begin}-${end}/*` })
        .end(bytes),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('bench: expected a port');
  const store = openInstanceStore(httpFiles(`http://127.0.0.1:${address.port}`));
  await store.list();
  const indexed = requests;
  const { median: httpLoadMs } = await timesOf(SAMPLES, (i) => loadOne(store, (i * 7919) % total));
  server.close();
  return { httpLoadMs, httpRequests: (requests - indexed) / SAMPLES };
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Milliseconds of the processor, which other programs on the machine change less. */
async function cpuOf(count: number, run: (i: number) => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < count; i++) await run(i);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / count;
}

/** The fastest run is that which other programs on the machine disturbed least. */
async function timesOf(
  count: number,
  run: (i: number) => Promise<unknown>,
): Promise<{ readonly median: number; readonly fastest: number }> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) times.push(await timed(() => run(i)));
  return { median: median(times), fastest: Math.min(...times) };
}

function tableOf(results: readonly StoreResult[]): string {
  const rows: readonly (readonly [what: string, of: (result: StoreResult) => number])[] = [
    ['add one, ms', ({ addMs }) => addMs],
    ['the fastest of 200, ms', ({ addFastestMs }) => addFastestMs],
    ['of it on the processor', ({ addCpuMs }) => addCpuMs],
    ['add one, the first of a process, ms', ({ firstAddMs }) => firstAddMs],
    [`add ${BATCH} at once, ms each`, ({ addManyMsEach }) => addManyMsEach],
    ['list, ms', ({ listMs }) => listMs],
    ['the fastest of 5, ms', ({ listFastestMs }) => listFastestMs],
    ['of it on the processor', ({ listCpuMs }) => listCpuMs],
    ['list again, ms', ({ listAgainMs }) => listAgainMs],
    ['load one, ms', ({ loadMs }) => loadMs],
    ['the fastest of 200, ms', ({ loadFastestMs }) => loadFastestMs],
    ['of it on the processor', ({ loadCpuMs }) => loadCpuMs],
    ['load one, the first of a process, ms', ({ loadFirstMs }) => loadFirstMs],
    ['load one over http, ms', ({ httpLoadMs }) => httpLoadMs],
    ['requests for it, the manifest one of them', ({ httpRequests }) => httpRequests],
    ['verify, ms each', ({ verifyMsEach }) => verifyMsEach],
    ['heap that verify takes, MiB', ({ verifyHeapMebibytes }) => verifyHeapMebibytes],
    ['files', ({ files }) => files],
    ['size, MiB', ({ mebibytes }) => mebibytes],
  ];
  const lines = rows.map(([what, of]) => `| ${what} | ${results.map((result) => Number(of(result).toPrecision(3))).join(' | ')} |`);
  return [
    `| networks | ${SIZES.map((size) => size.toLocaleString('en')).join(' | ')} |`,
    `| --- |${' --: |'.repeat(SIZES.length)}`,
    ...lines,
  ].join('\n');
}
