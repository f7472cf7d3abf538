// `[ONLY=TEXT] npx tsx bench/savings.ts [RUNTIME] [ROUNDS] [HEIGHT]`: what each saving in @netspace/model brings, side by side (docs/savings.md).
import { decode, encode, NetSpace } from '@netspace/model';
import { selectRuntime, type RuntimeName } from '@netspace/node';
import * as tf from '@tensorflow/tfjs-core';

import { median } from './measure.js';
import { plainDecode, plainEncode } from './plain-model.js';

const only = process.env['ONLY'] ?? '';
const [runtime = 'wasm', rounds = '3', height = '16'] = process.argv.slice(2);
const selected = await selectRuntime({ prefer: runtime as RuntimeName });
const prepShape = [Number(height), 10_000] as const;
const architectures = [{ name: 'stand-in', parameters: [{ name: 'weight', shape: [1000] }], apply: () => tf.scalar(0) }];
const space = new NetSpace({ architectures, prepShape });
const { config } = space;
const part = (prefix: string) =>
  Object.fromEntries(Object.entries(space.variables).flatMap(([name, value]) => (name.startsWith(prefix) ? [[name.slice(8), value]] : [])));
const [encoder, decoder] = [part('encoder/'), part('decoder/')] as const;

const nets = 2;
const preps: tf.Tensor3D = tf.randomNormal([nets, ...prepShape]);
const used = Math.max(1, Math.round(prepShape[0] / 11)); // a LeNetLike fills 8 of 88 rows
const padded: tf.Tensor3D = tf.pad(tf.slice(preps, 0, [nets, used, 10_000]), [[0, 0], [0, prepShape[0] - used], [0, 0]]); // prettier-ignore
const embeddings: tf.Tensor2D = tf.randomNormal([nets, config.embeddingSize]);

/** Value and gradients in all weights, as in a training step. */
const train = (weights: Readonly<Record<string, tf.Variable>>, f: () => tf.Tensor) => (): tf.Tensor[] => {
  const { value, grads } = tf.variableGrads(() => tf.sum(tf.square(f())), Object.values(weights));
  return [value, ...Object.values(grads)];
};
const cases: Record<string, [plain: () => tf.Tensor[], thrifty: () => tf.Tensor[]]> = {
  encode: [() => [plainEncode(encoder, preps)], () => [encode(encoder, preps, config)]],
  'encode, with gradients (1)': [train(encoder, () => plainEncode(encoder, preps)), train(encoder, () => encode(encoder, preps, config))],
  [`encode ${used} used rows, with gradients (1, 2)`]: [
    train(encoder, () => plainEncode(encoder, padded)),
    train(encoder, () => encode(encoder, padded, config, { usedRows: used })),
  ],
  'decode (5)': [() => [plainDecode(decoder, embeddings, config)], () => [decode(decoder, embeddings, config).preps]],
  'decode, with gradients (5)': [
    train(decoder, () => plainDecode(decoder, embeddings, config)),
    train(decoder, () => decode(decoder, embeddings, config).preps),
  ],
};

/** Seconds of all threads, seconds on the clock, and the most bytes that tensors held at once above what they hold anyway. */
async function once(run: () => tf.Tensor[]): Promise<{ cpu: number; wall: number; peak: number }> {
  const before = tf.memory().numBytes;
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  let results: tf.Tensor[] = [];
  const { peakBytes } = await tf.profile(() => ((results = run()), results));
  await results[0]!.data();
  const { user, system } = process.cpuUsage(cpu);
  tf.dispose(results);
  return { cpu: (user + system) / 1e6, wall: (performance.now() - start) / 1e3, peak: peakBytes - before };
}

console.log(`${nets} networks, PReps ${prepShape.join('×')}, ${selected.name}; median of ${rounds} rounds, in turns`);
console.log('| what | plain: cpu s, wall s, MiB | thrifty: cpu s, wall s, MiB | cpu | memory |\n| --- | --- | --- | --- | --- |');
for (const [name, pair] of Object.entries(cases).filter(([name]) => name.includes(only))) {
  const taken = pair.map((): Awaited<ReturnType<typeof once>>[] => []);
  for (let round = -1; round < Number(rounds); round++) {
    for (const [i, run] of pair.entries()) {
      const result = await once(run);
      if (round >= 0) taken[i]!.push(result);
    }
  }
  const [plain, thrifty] = taken.map((list) => ({
    cpu: median(list.map(({ cpu }) => cpu)),
    wall: median(list.map(({ wall }) => wall)),
    peak: median(list.map(({ peak }) => peak)) / 2 ** 20,
  }));
  const show = ({ cpu, wall, peak }: { cpu: number; wall: number; peak: number }) =>
    `${cpu.toFixed(2)}, ${wall.toFixed(2)}, ${peak.toFixed(0)}`;
  const gains = `${(plain!.cpu / thrifty!.cpu).toFixed(1)}× | ${(plain!.peak / thrifty!.peak).toFixed(1)}×`;
  console.log(`| ${name} | ${show(plain!)} | ${show(thrifty!)} | ${gains} |`);
}
