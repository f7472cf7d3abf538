// Trains a few steps on request: `serve-zoos.ts RUNTIME ROUND_JSON`, a line in is a round, a JSON line out the time of a step of all networks.
import { createInterface } from 'node:readline';

import { selectRuntime } from '@netspace/node';
import { disposeInstances, type Architecture, type StepProgress } from '@netspace/prep';
import { fitSdf, fitSdfs, trainInstance, trainInstances } from '@netspace/train';
import { createImageDataset, lenetLike, resnet8, siren } from '@netspace/zoo';

import { cnn10853 } from './cnn-10853.js';
import type { ZooRound } from './zoo-case.js';

const runtime = await selectRuntime({ prefer: process.argv[2] as 'tensorflow' });
const { network, batch, count, timed } = JSON.parse(process.argv[3]!) as ZooRound;

/** What is learned does not change what a step costs. */
const noise = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24);

function dataset([size, channels]: readonly [number, number]) {
  const shape = [size, size, channels] as const;
  const [mean, std] = [0.5, 0.25].map((value) => Array<number>(channels).fill(value)) as [number[], number[]];
  const labels = Uint8Array.from({ length: 2000 }, (_, i) => i % 10);
  const train = createImageDataset({ name: 'noise', shape, classes: 10, mean, std, images: noise(2000 * size * size * channels), labels });
  const test = createImageDataset({ ...train, images: train.images.slice(0, size * size * channels), labels: labels.slice(0, 1) });
  return { train, test };
}

let begun = { seconds: 0, processor: 0 };
let taken = { seconds: 0, processorSeconds: 0 };
const now = () => {
  const { user, system } = process.cpuUsage();
  return { seconds: performance.now() / 1000, processor: (user + system) / 1e6 };
};
const onStep = ({ step, steps }: StepProgress): void => {
  if (step === 1) begun = now();
  if (step !== steps) return;
  const end = now();
  taken = { seconds: (end.seconds - begun.seconds) / timed, processorSeconds: (end.processor - begun.processor) / timed };
};

const rates = Array.from({ length: Math.max(1, count) }, (_, i) => 1e-4 * 10 ** (i / Math.max(1, count))); // from 1e-4 to 1e-3
const architectures: Record<Exclude<ZooRound['network'], 'siren'>, () => Architecture> = {
  lenet: () => lenetLike({ channels: 1, size: 28, width: 0.25 }),
  cnn: cnn10853,
  resnet8: () => resnet8({ width: 0.375 }),
};

function trainer(): () => Promise<void> {
  if (network === 'siren') {
    const samples = {
      points: Float32Array.from(noise(6000), (byte) => byte / 128 - 1),
      distances: Float32Array.from(noise(2000), (byte) => byte / 256),
    };
    const options = { architecture: siren({ hidden: 128 }), steps: timed + 1, batchSize: batch, onStep };
    return async () => {
      if (count === 0) {
        disposeInstances([(await fitSdf({ samples, learningRate: rates[0]!, ...options })).instance]);
        return;
      }
      const fits = rates.map((learningRate, seed) => ({ samples, seed, learningRate }));
      for await (const { instance } of fitSdfs({ fits, ...options })) disposeInstances([instance]);
    };
  }
  const data = dataset(network === 'lenet' ? [28, 1] : [32, 3]);
  const options = {
    architecture: architectures[network](),
    ...data,
    lengths: [timed + 1],
    unit: 'steps',
    batchSize: batch,
    onStep,
  } as const;
  const networks = rates.map((learningRate, seed) => ({ seed, optimizer: { kind: 'adam', learningRate } as const }));
  return async () => {
    const trained = count === 0 ? trainInstance({ ...options, ...networks[0]! }) : trainInstances({ ...options, networks });
    for await (const { instance } of trained) disposeInstances([instance]);
  };
}

const train = trainer();
console.log(JSON.stringify({ ready: true, runtime: runtime.name, version: runtime.version, threads: runtime.threads }));
for await (const _line of createInterface({ input: process.stdin })) {
  await train();
  console.log(JSON.stringify({ ...taken, peakBytes: process.resourceUsage().maxRSS * 1024 }));
}
