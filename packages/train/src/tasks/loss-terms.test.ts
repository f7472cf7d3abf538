import '@tensorflow/tfjs';
import { NetSpace } from '@netspace/model';
import { disposeInstances, requiredPRepShape, type Architecture, type Instance } from '@netspace/prep';
import { createImageDataset, initialize, lenetLike, siren, vanillaCnn } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { TrainTask } from '../index.js';
import { trainNetSpace } from '../train-net-space.js';

const size = { channels: 1, size: 13, classes: 3, width: 0.1 };
/** Three: what is interpolated lies between the smallest and the largest. */
const classifiers = [vanillaCnn(size), lenetLike(size), lenetLike({ ...size, width: 0.2 })];
const dataset = createImageDataset({
  ...{ name: 'noise', shape: [13, 13, 1], classes: 3, mean: [0.5], std: [0.25] },
  images: Uint8Array.from({ length: 12 * 169 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24),
  labels: Uint8Array.from({ length: 12 }, (_, i) => i % 3),
});
const sizes = { embeddingSize: 16, grid: 4, encoderWidth: 2, decoderChannels: 4, decoderWidth: 16, decoderHidden: 4 };
let made: Instance[] = [];
const instancesOf = (architectures: readonly Architecture[]): Instance[] => {
  made = Array.from({ length: 4 }, (_, i) => {
    const architecture = architectures[i % architectures.length]!;
    const scheme = architecture.purpose === 'sdf' ? 'siren' : 'pytorch';
    return { architecture, parameters: initialize(architecture.parameters, { seed: i, scheme }) };
  });
  return made;
};
beforeAll(() => tf.setBackend('cpu'));
afterEach(() => disposeInstances(made));

/** What is read of the first step of a training. */
async function firstLosses(architectures: readonly Architecture[], task: (instances: readonly Instance[]) => TrainTask) {
  const space = new NetSpace({ architectures, prepShape: requiredPRepShape(architectures, { width: 64 }), ...sizes, seed: 1 });
  const instances = instancesOf(architectures);
  const chosen = task(instances);
  const batch = { nets: 4, ...(chosen.kind !== 'weights' && { inputs: 6 }) };
  const options = { instances, task: chosen, steps: 1, learningRate: 1e-3, seed: 1, batch };
  for await (const { losses } of trainNetSpace(space, { ...options, readEvery: 1 })) {
    space.dispose();
    return losses!;
  }
  throw new Error('no step');
}

describe('the terms that are read of a training', () => {
  const classification = { kind: 'classification', dataset, route: 'target' } as const;
  it.each<[string, readonly Architecture[], (instances: readonly Instance[]) => TrainTask, readonly string[]]>([
    ['targets', classifiers, () => classification, ['classId', 'distillation', 'interpolation']],
    [
      'targets, each factor given',
      classifiers,
      () => ({ ...classification, alpha: 0.7, relative: 0.5, accuracyGap: 10, weights: { classId: 0.02, task: 2, interpolation: 3 } }),
      ['classId', 'distillation', 'crossEntropy', 'accuracyGap', 'interpolation'],
    ],
    [
      'targets and the accuracy gap, without interpolation',
      classifiers,
      () => ({ ...classification, accuracyGap: 10, interpolation: false }),
      ['classId', 'distillation', 'accuracyGap'],
    ],
    [
      'a teacher',
      classifiers,
      ([teacher]) => ({ ...classification, teacher: teacher! }),
      ['classId', 'distillation', 'crossEntropy', 'interpolation'],
    ],
    [
      'the labels',
      classifiers,
      () => ({ ...classification, teacher: 'labels', weights: { task: 3 } }),
      ['classId', 'crossEntropy', 'interpolation'],
    ],
    ['one architecture', [classifiers[0]!], () => ({ kind: 'classification', dataset, accuracyGap: 10 }), []],
    ['shapes', [siren({ hidden: 4, layers: 1 })], () => ({ kind: 'sdf' }), []],
    ['weights', [classifiers[0]!], () => ({ kind: 'weights' }), []],
  ])('add up to the loss: %s', async (_, architectures, task, names) => {
    const { loss, ...terms } = await firstLosses(architectures, task);
    expect(Object.keys(terms)).toEqual(names);
    for (const [name, value] of Object.entries(terms)) expect(value, name).toBeGreaterThan(0); // a term that is read is one that counts
    const sum = Object.values(terms).reduce((total, value) => total + value, 0);
    if (names.length > 0) expect(sum / loss!).toBeCloseTo(1, 5);
    else expect(loss).toBeGreaterThan(0);
  });

  it('are as large as their factors make them, and do not touch each other', async () => {
    const of = (more: Partial<TrainTask>) =>
      firstLosses(classifiers, () => ({ ...classification, interpolation: false, ...more }) as TrainTask);
    const [plain, weighted] = [await of({ accuracyGap: 10 }), await of({ accuracyGap: 20, weights: { classId: 0.02 } })];
    expect(weighted['classId']! / plain['classId']!).toBeCloseTo(0.02, 6);
    expect(weighted['accuracyGap']! / plain['accuracyGap']!).toBeCloseTo(2, 5);
    expect(weighted['distillation']! / plain['distillation']!).toBeCloseTo(1, 6);
  });
});
