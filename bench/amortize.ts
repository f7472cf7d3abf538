/**
 * What helps the encoder of a trained space more, at equal processor time: more training of the whole space, or refined embeddings of the
 * known networks as targets of the encoder alone (amortized inversion)? And what refinement gives held-out networks.
 * `npx tsx --tsconfig tsconfig.json bench/amortize.ts [SECONDS]`, after `npm run bench -- --set quality --only tensorflow,\ recommended`,
 * whose space it takes. SECONDS of processor time is what a step of that run took, 0.1 unless given.
 */
import { join } from 'node:path';

import { refinedReconstruction, refineEmbedding } from '@netspace/explore';
import { adam, NetSpace } from '@netspace/model';
import { registerFileHandler, selectRuntime } from '@netspace/node';
import { disposeInstances, packPReps } from '@netspace/prep';
import { permutedCopies, trainNetSpace, type TrainNetSpaceOptions } from '@netspace/train';
import { architectureByName } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import { judgeOf } from './quality/judge.js';
import { qualityZoo } from './quality/quality-zoo.js';
import { RECIPES } from './quality/recipes.js';

const secondsAStep = Number(process.argv[2] ?? 0.1);
const seed = 0;
const [COPIES, NETS] = [32, 12];
const REFINE = { steps: 40, batchSize: 64, learningRate: 0.05 } as const;
const recipe = RECIPES.recommended;
const runtime = await selectRuntime();
const work = join(import.meta.dirname, '../out/bench/quality');
const zoo = await qualityZoo(join(work, 'zoo'), runtime);
const judge = await judgeOf(zoo);
registerFileHandler();
const from = `file://${join(work, `tensorflow-recommended-recipe-${seed}`, 'space')}`;
const space = await NetSpace.load(from, { architectures: architectureByName });
const known = zoo.known.map(({ instance }) => instance);
const heldOut = zoo.heldOut.map(({ instance }) => instance);
const refine = { ...REFINE, inputs: zoo.train };

const processor = (): number => (({ user, system }) => (user + system) / 1e6)(process.cpuUsage());
const clock = (since: number): string => `${(processor() - since).toFixed(0)} s of processor`;

async function report(label: string, preps: tf.Tensor3D): Promise<void> {
  const { difference, spearman, agreement } = await judge(await preps.data<'float32'>(), space.config.prepShape);
  preps.dispose();
  console.log(
    `${label}: difference ${(100 * difference).toFixed(2)}, Spearman ${spearman.toFixed(3)}, agreement ${(100 * agreement).toFixed(1)} %`,
  );
}
const decoded = (): tf.Tensor3D => tf.tidy(() => space.decode(space.encode(heldOut)).preps);

async function refined(label: string): Promise<void> {
  const began = processor();
  const networks = [];
  for (const instance of heldOut) networks.push((await refinedReconstruction(space, instance, refine)).predicted);
  const each = (processor() - began) / heldOut.length;
  await report(
    `${label}, refined in ${REFINE.steps} steps, ${each.toFixed(2)} s of processor each`,
    packPReps(networks, space.config.prepShape),
  );
  disposeInstances(networks);
}

async function train(options: Pick<TrainNetSpaceOptions, 'steps' | 'learningRate'>): Promise<void> {
  const { batch, permuteChannels, task } = recipe;
  const run = trainNetSpace(space, {
    ...{ instances: known, batch, seed, readEvery: 50, augment: { permuteChannels }, ...options },
    task: { kind: 'classification', dataset: zoo.train, ...task },
  });
  for await (const _step of run);
}

await report('space as it was trained', decoded());
await refined('the same');
const trained = Object.values(space.variables).map((variable) => tf.clone(variable));
const putBack = (): void => Object.values(space.variables).forEach((variable, i) => variable.assign(trained[i]!));

const amortizing = processor();
const targets: tf.Tensor[] = [];
for (const instance of known) targets.push((await refineEmbedding(space, instance, refine)).embedding);
const wanted = tf.concat(targets, 0) as tf.Tensor2D; // [N, E]
console.log(`${known.length} known networks refined, ${clock(amortizing)}`);
const spread = tf.tidy(() => tf.mean(tf.moments(wanted, 0).variance));
const copies = permutedCopies(known, { copies: COPIES, seed }); // network by network
const encoder = Object.fromEntries(Object.entries(space.variables).filter(([name]) => name.startsWith('encoder/')));
const STEPS = 400;
const optimizer = adam({ learningRate: { kind: 'cosine', learningRate: 5e-4, steps: STEPS } });
for (let step = 0; step < STEPS; step++) {
  const nets = Array.from({ length: NETS }, (_, i) => (step * NETS + i * 7) % known.length);
  const { preps, classIds, usedRows } = space.pack(nets.map((net) => copies[net * COPIES + (step % COPIES)]!));
  tf.tidy(() => {
    const loss = () => {
      const encoded = space.encode({ preps, classIds, usedRows });
      return tf.div(tf.mean(tf.squaredDifference(encoded, tf.gather(wanted, tf.tensor1d(nets, 'int32')))), spread) as tf.Scalar;
    };
    const { value, grads } = tf.variableGrads(loss, Object.values(encoder));
    if (step % 100 === 99) console.log(`  step ${step + 1}: ${value.dataSync()[0]!.toFixed(3)} of the variance`);
    optimizer.apply(encoder, Object.fromEntries(Object.entries(encoder).map(([name, variable]) => [name, grads[variable.name]!])));
  });
  preps.dispose();
}
const budget = processor() - amortizing;
await report(`encoder taught with refined embeddings (${budget.toFixed(0)} s of processor more)`, decoded());
await refined('the same');

putBack();
const further = processor();
const more = Math.round(budget / secondsAStep);
await train({ steps: more, learningRate: { kind: 'cosine', learningRate: 1e-3 } });
await report(`the whole space trained ${more} steps further, 1e-3 along a cosine (${clock(further)} more)`, decoded());
await refined('the same');
