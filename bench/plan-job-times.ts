// How long jobs of a zoo take, in seconds of the processor: `OMP_NUM_THREADS=1 TF_NUM_INTRAOP_THREADS=1 npx tsx --tsconfig tsconfig.json bench/plan-job-times.ts`
// trains 24 jobs of eight LeNetLikes of a quarter of the width for 100 steps on `tensorflow`, and prints them, with the bytes that a network
// takes besides its numbers. For bench/results/plan.json.
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildZoo, openZooFolder, parseDatasetSpec, selectRuntime } from '@netspace/node';
import { thinDataset } from '@netspace/zoo';

const runtime = await selectRuntime({ prefer: process.env['NETSPACE_RUNTIME'] === 'wasm' ? 'wasm' : 'tensorflow' });
const source = parseDatasetSpec('mnist');
const [train, test] = [thinDataset(await source.load('train'), 2000), thinDataset(await source.load('test'), 200)];
const folder = await mkdtemp(join(tmpdir(), 'netspace-plan-'));
const store = await openZooFolder(folder);
const group = { architecture: 'lenet-like-1x28x28-10-w0.25', seeds: 192, lengths: [100], unit: 'steps', batchSize: 64, optimizer: { kind: 'adam', learningRate: 0.001 } } as const; // prettier-ignore
const seconds: number[] = [];
let before = process.cpuUsage();
for await (const { done } of buildZoo({ atOnce: 8, groups: [group] }, { store, train, test })) {
  if (done % 8 > 0) continue;
  const { user, system } = process.cpuUsage(before);
  seconds.push(Math.round((user + system) / 1e4) / 100);
  before = process.cpuUsage();
}
let bytes = 0;
for (const entry of await readdir(folder, { recursive: true })) {
  const stats = await stat(join(folder, entry));
  if (stats.isFile()) bytes += stats.size;
}
const records = await store.list();
const parameters = records[0]!.parameterCount;
console.log(JSON.stringify({ runtime: runtime.name, seconds, parameters, bytesANetwork: Math.round(bytes / records.length - 4 * parameters) })); // prettier-ignore
await rm(folder, { recursive: true });
