import { NetSpace } from '@netspace/model';
import { selectRuntime } from '@netspace/node';
import { type Instance, requiredPRepShape, unpackPReps } from '@netspace/prep';
import { unstack } from '@netspace/prep/internal';
import { expectClose } from '@netspace/testing';
import { type ImageDataset, thinDataset } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { digits } from '../shared/data.js';
import { aroundKnown } from './around-known.js';
import { cnn3 } from './cnn3.js';
import { initialValues } from './initial-values.js';
import { mostAlike } from './most-alike.js';
import { refineTogether } from './refine-together.js';

const architecture = cnn3({ channels: 1, size: 28 });
const network = (seed: number): Instance => ({ architecture, parameters: initialValues(architecture, 'kaiming_normal', seed) });
let known: readonly Instance[];
let images: ImageDataset;
let space: NetSpace;

beforeAll(async () => {
  await selectRuntime({ prefer: 'wasm' });
  known = [1, 2, 3, 4].map(network);
  images = thinDataset((await digits()).train, 16);
  const prepShape = requiredPRepShape(architecture, { width: 2720 });
  space = new NetSpace({ architectures: [architecture], prepShape, preset: 'tiny', units: { of: known } });
});

describe('mostAlike', () => {
  it('finds the network that a target was moved from', async () => {
    const moved = (from: Instance) => ({ architecture, parameters: from.parameters.map((tensor) => tf.mul(tensor, 1.02)) });
    expect(await mostAlike(known, [moved(known[2]!), moved(known[0]!)], images)).toEqual([2, 0]);
  });
});

describe('aroundKnown', () => {
  it('is at the given networks with zeros, and moves each weight by scale · σ on average with ones', () => {
    const around = aroundKnown(space, known.slice(0, 2), { numbers: 50, scale: 0.5, seed: 1 });
    const { preps } = space.pack(known.slice(0, 2));
    expectClose(around.decode(tf.zeros([2, 50])).preps.dataSync(), preps.dataSync(), 0);
    const parts = (of: tf.Tensor) => unpackPReps(of as tf.Tensor3D, architecture);
    const moves = parts(tf.sub(around.decode(tf.ones([2, 50])).preps, preps));
    const deviations = parts(space.normalization!.deviation);
    for (const [i, move] of moves.entries()) {
      if (move.size < 2000) continue; // too few for a mean
      expect(Math.sqrt(tf.mean(tf.square(tf.div(move, deviations[i]!))).dataSync()[0]!)).toBeCloseTo(0.5, 1);
    }
    around.dispose();
  });
});

describe('refineTogether', () => {
  const options = () => ({ steps: 20, learningRate: 0.05, batchSize: 8, images, seed: 3, signal: new AbortController().signal });

  it('brings each network nearer to its own target, as it does alone', async () => {
    const [starts, targets] = [known.slice(0, 2), known.slice(2)];
    const refined = async (places: readonly number[]) => {
      const around = aroundKnown(space, places.map((i) => starts[i]!), { numbers: 40, scale: 1, seed: 1 }); // prettier-ignore
      const zeros = tf.zeros<tf.Rank.R2>([places.length, 40]);
      const found = await refineTogether(around, places.map((i) => targets[i]!), zeros, options()); // prettier-ignore
      return { found, around, zeros };
    };
    const { found, around, zeros } = await refined([0, 1]);
    const alone = [await refined([0]), await refined([1])];
    expectClose(found.dataSync(), tf.concat(alone.map((one) => one.found)).dataSync(), 2e-3);
    const x = tf.randomUniform([8, 28, 28, 1], 0, 1, 'float32', 5);
    const farFrom = (points: tf.Tensor2D) => {
      const parameters = unpackPReps(around.decode(points).preps, architecture);
      return unstack(architecture.applyMany!(parameters, x)).map((said, i) => tf.mean(tf.squaredDifference(said, architecture.apply(targets[i]!.parameters, x))).dataSync()[0]!); // prettier-ignore
    };
    const [before, after] = [farFrom(zeros), farFrom(found)];
    for (const [i, distance] of after.entries()) expect(distance).toBeLessThan(before[i]! * 0.9);
  });

  it('leaks no tensor', async () => {
    const around = aroundKnown(space, known.slice(0, 1), { numbers: 4, scale: 1, seed: 1 });
    const zeros = tf.zeros<tf.Rank.R2>([1, 4]);
    const run = async () => (await refineTogether(around, known.slice(1, 2), zeros, { ...options(), steps: 2 })).dispose();
    await run();
    const before = tf.memory().numTensors;
    await run();
    expect(tf.memory().numTensors).toBe(before);
  });
});
