// `npm run soak -- [--minutes 30] [--runtime NAME] [--json FILE]`: trains, saves, loads, decodes and disposes in rounds, and prints a line a
// minute. Fails if a round leaves a tensor behind, or if memory grows after the first minutes.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { parseArgs } from 'node:util';
import { runInNewContext } from 'node:vm';

import { NetSpace } from '@netspace/model';
import { checkpointFile, fileHandler, metricsFile, type RuntimeName, selectRuntime } from '@netspace/node';
import { disposeInstances, requiredPRepShape, type Instance } from '@netspace/prep';
import { trainInstance, trainNetSpace } from '@netspace/train';
import { randomAt } from '@netspace/train/internal';
import { createImageDataset, lenetLike, MNIST_STATISTICS, openInstanceStore } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import { directoryFiles } from '../../packages/node/src/files/directory-files.js';

/** Memory of the first minutes, while caches fill, is not compared. */
const WARM_UP = 0.2;
const GROWTH = { heapMiB: 8, residentMiB: 48 };

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '30' }, runtime: { type: 'string' }, json: { type: 'string' } },
});
const minutes = Number(values.minutes);
const runtime = await selectRuntime({ prefer: values.runtime as RuntimeName | undefined });
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const random = randomAt('soak');
const dataset = createImageDataset({
  ...{ name: 'noise', shape: [28, 28, 1], classes: 10, ...MNIST_STATISTICS },
  images: Uint8Array.from({ length: 64 * 784 }, () => random.below(256)),
  labels: Uint8Array.from({ length: 64 }, (_, i) => i % 10),
});
const architecture = lenetLike({ channels: 1, size: 28, width: 0.1 });
const sizes = { embeddingSize: 16, grid: 4, encoderWidth: 2, decoderChannels: 4, decoderWidth: 16, decoderHidden: 4 };
const prepShape = requiredPRepShape(architecture, { width: 64 });

const lines: { minute: number; rounds: number; tensors: number; heapMiB: number; residentMiB: number }[] = [];
const start = performance.now();
const folder = await mkdtemp(join(tmpdir(), 'netspace-soak-'));
let tensors: number | undefined;
let rounds = 0;
const problems: string[] = [];
console.log(`soak of ${minutes} minutes on ${runtime.name}`);
try {
  while (performance.now() - start < minutes * 60_000) {
    await round(join(folder, String(rounds)));
    await rm(join(folder, String(rounds)), { recursive: true });
    rounds++;
    const now = tf.memory().numTensors;
    tensors ??= now;
    if (now !== tensors) problems.push(`round ${rounds} left ${now - tensors} tensors`);
    if (performance.now() - start >= (lines.length + 1) * 60_000) lines.push(told());
  }
} finally {
  await rm(folder, { recursive: true });
}
const settled = lines.slice(Math.floor(WARM_UP * lines.length));
for (const kind of ['heapMiB', 'residentMiB'] as const) {
  const half = settled.length >> 1;
  const grown = lowest(settled.slice(half), kind) - lowest(settled.slice(0, Math.max(1, half)), kind);
  console.log(`${kind}: ${grown >= 0 ? '+' : ''}${grown} from the first to the second half`);
  if (grown > GROWTH[kind]) problems.push(`${kind} grew by ${grown}, more than ${GROWTH[kind]}`);
}
for (const problem of problems.slice(0, 20)) console.error(problem);
console.log(problems.length === 0 ? `flat over ${rounds} rounds` : `${problems.length} problems in ${rounds} rounds`);
if (values.json !== undefined)
  await writeFile(values.json, JSON.stringify({ runtime: runtime.name, rounds, tensors, lines, problems }, undefined, 1));
process.exit(problems.length === 0 ? 0 : 1); // runtimes leave threads behind

/** Two networks into a zoo and out again, a space trained on them, stopped and gone on with, saved, loaded, and its networks decoded and run. */
async function round(place: string): Promise<void> {
  const store = openInstanceStore(directoryFiles(join(place, 'zoo')));
  for (const seed of [1, 2]) {
    const recipe = { architecture, train: dataset, test: dataset, lengths: [2], unit: 'steps', batchSize: 16, seed } as const;
    for await (const { instance, epochs, metrics } of trainInstance(recipe)) {
      await store.add({ name: `net-${seed}`, instance, epochs, seed, metrics: { ...metrics } });
      disposeInstances([instance]);
    }
  }
  const instances: Instance[] = [];
  for (const { name } of await store.list()) instances.push(await store.load(name));
  for (const steps of [4, 8]) await train(place, instances, steps);
  disposeInstances(instances);
  const space = await NetSpace.load(fileHandler(join(place, 'space')), { architectures: [architecture] });
  const embeddings = tf.tidy(() => tf.randomUniform<tf.Rank.R2>([3, sizes.embeddingSize], -1, 1, 'float32', rounds));
  const decoded = await space.instantiate(embeddings);
  const images = tf.zeros<tf.Rank.R4>([4, 28, 28, 1]);
  for (const { architecture: decodedArchitecture, parameters } of decoded) {
    const logits = tf.tidy(() => decodedArchitecture.apply(parameters, images));
    await logits.data();
    logits.dispose();
  }
  disposeInstances(decoded);
  tf.dispose([embeddings, images]);
  space.dispose();
}

async function train(place: string, instances: readonly Instance[], steps: number): Promise<void> {
  const space = new NetSpace({ architectures: [architecture], prepShape, ...sizes, seed: 1 });
  const options = { instances, task: { kind: 'classification', dataset }, batch: { nets: 2, inputs: 16 }, seed: 3 } as const;
  const checkpoint = { storage: checkpointFile(join(place, 'checkpoint.safetensors')), every: 2, resume: true };
  const metrics = metricsFile(join(place, 'metrics.jsonl'));
  let last = 0;
  for await (const { step } of trainNetSpace(space, { ...options, steps, readEvery: 2, checkpoint, metrics })) last = step;
  if (last !== steps) problems.push(`round ${rounds} ended after ${last} of ${steps} steps`);
  await space.save(fileHandler(join(place, 'space')));
  space.dispose();
}

function told() {
  collectGarbage();
  const { rss, heapUsed, external } = process.memoryUsage();
  const [heapMiB, residentMiB] = [heapUsed + external, rss].map((bytes) => Math.round(bytes / 2 ** 20)) as [number, number];
  const line = { minute: lines.length + 1, rounds, tensors: tf.memory().numTensors, heapMiB, residentMiB };
  console.log(
    `minute ${line.minute}: ${rounds} rounds, ${line.tensors} tensors, ${heapMiB} MiB of heap and buffers, ${residentMiB} MiB in all`,
  );
  return line;
}

function lowest(list: readonly (typeof lines)[number][], kind: 'heapMiB' | 'residentMiB'): number {
  return list.length === 0 ? 0 : Math.min(...list.map((line) => line[kind]));
}
