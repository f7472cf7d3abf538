// `[ONLY=TEXT] npx tsx --tsconfig tsconfig.json bench/padding.ts [RUNTIME] [STEPS]`: what leaving out rows of padding brings to a training
// step: the same training twice, in turns, once with batches that say that every row is used.
import { encode, NetSpace } from '@netspace/model';
import { selectRuntime, type RuntimeName } from '@netspace/node';
import type { Instance, PRepBatch, PRepShape } from '@netspace/prep';
import { trainNetSpace } from '@netspace/train';
import { createImageDataset, initialize, lenetLike, resnet32, resnet8, vanillaCnn } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import { median } from './measure.js';

const only = process.env['ONLY'] ?? '';
const [runtime = 'wasm', count = '5'] = process.argv.slice(2);
const selected = await selectRuntime({ prefer: runtime as RuntimeName });
const steps = Number(count);

const digits = { channels: 1, size: 28, width: 0.25 } as const;
const small = [lenetLike(digits), vanillaCnn(digits), resnet8(digits)];
const images = 48;
const dataset = createImageDataset({
  ...{ name: 'noise', shape: [28, 28, 1], classes: 10, mean: [0.5], std: [0.25] },
  images: Uint8Array.from({ length: 200 * 784 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24),
  labels: Uint8Array.from({ length: 200 }, (_, i) => i % 10),
});

type Family = readonly Instance['architecture'][];
const networks = (family: Family, nets: number): Instance[] =>
  Array.from({ length: nets }, (_, seed) => {
    const architecture = family[seed % family.length]!;
    return { architecture, parameters: initialize(architecture.parameters, { seed }) };
  });

/** As batches were before they knew their used rows. */
function everyRow(space: NetSpace): NetSpace {
  const { pack } = space;
  space.pack = (instances): PRepBatch => {
    const batch = pack.call(space, instances);
    return { ...batch, usedRows: batch.usedRows.map(() => space.config.prepShape[0]) };
  };
  return space;
}

/** Processor seconds of each step of a training; the first warms up. */
async function training(space: NetSpace, instances: readonly Instance[]): Promise<number[]> {
  const task = { kind: 'classification', dataset, route: 'target' } as const;
  const batch = { nets: instances.length, inputs: images };
  const seconds: number[] = [];
  let before = process.cpuUsage();
  for await (const _ of trainNetSpace(space, { instances, task, batch, steps: steps + 1, readEvery: 1 })) {
    const { user, system } = process.cpuUsage(before);
    seconds.push((user + system) / 1e6);
    before = process.cpuUsage();
  }
  return seconds.slice(1);
}

async function compareTrainings(name: string, family: Family, of: Family, nets: number, prepShape: PRepShape): Promise<void> {
  const instances = networks(of, nets);
  const make = () => new NetSpace({ architectures: family, prepShape, preset: 'small', decoderChannels: 32 });
  const [all, used] = [await training(everyRow(make()), instances), await training(make(), instances)];
  report(name, make().pack(instances).usedRows, prepShape, [median(all), median(used)]);
}

/** Encoding with gradients alone, for sizes whose whole step takes minutes. */
async function compareEncoding(name: string, family: Family, prepShape: PRepShape): Promise<void> {
  const space = new NetSpace({ architectures: family, prepShape, preset: 'paper', decoderChannels: 4, decoderHidden: 4 }); // a small decoder: it is not run
  const batch = space.pack(networks(family, family.length));
  const weights = Object.fromEntries(
    Object.entries(space.variables).flatMap(([key, value]) => (key.startsWith('encoder/') ? [[key.slice('encoder/'.length), value]] : [])),
  );
  const taken: number[] = [];
  for (const usedRows of [batch.usedRows.map(() => prepShape[0]), batch.usedRows]) {
    const before = process.cpuUsage();
    const { value, grads } = tf.variableGrads(
      () => tf.sum(tf.square(encode(weights, batch.preps, space.config, { usedRows }))),
      Object.values(weights),
    );
    await value.data();
    tf.dispose([value, grads]);
    const { user, system } = process.cpuUsage(before);
    taken.push((user + system) / 1e6);
  }
  report(name, batch.usedRows, prepShape, taken);
}

function report(name: string, usedRows: readonly number[], [height, width]: PRepShape, [all = NaN, used = NaN]: readonly number[]): void {
  const rows = [...new Set(usedRows)].sort((a, b) => a - b).join(', ');
  console.log(
    `| ${name} | ${height}×${width} | ${rows} | ${all.toFixed(3)} s | ${used.toFixed(3)} s | ${((1 - used / all) * 100).toFixed(0)} % |`,
  );
}

const wide = (family: Family): PRepShape => [8, Math.ceil(Math.max(...family.map(({ parameters }) => parameters.reduce((sum, { shape }) => sum + tf.util.sizeFromShape([...shape]), 0))) / 64) * 8]; // prettier-ignore
const cases: Readonly<Record<string, (name: string) => Promise<void>>> = {
  'step, 6 networks of three architectures': (name) => compareTrainings(name, small, small, 6, wide(small)),
  'step, 32 LeNetLikes in a space of three architectures': (name) => compareTrainings(name, small, small.slice(0, 1), 32, wide(small)),
  'step, 32 LeNetLikes in a space of their own': (name) =>
    compareTrainings(name, small.slice(0, 1), small.slice(0, 1), 32, wide(small.slice(0, 1))),
  'encoding with gradients, boundary pair': (name) => compareEncoding(name, [lenetLike({ size: 64, classes: 200 }), resnet32({ size: 64, classes: 200 })], [88, 10_000]), // prettier-ignore
};
console.log(`${selected.name}; processor seconds, median of ${steps} steps`);
console.log('| what | PReps | rows in use | every row | rows in use | saved |\n| --- | --- | --- | --- | --- | --- |');
for (const [name, run] of Object.entries(cases).filter(([key]) => key.includes(only))) await run(name);
