import { NetSpace } from '@netspace/model';
import { type Architecture, disposeInstances, requiredPRepShape, type Instance, type PRepBatch } from '@netspace/prep';
import { parseOptions } from '@netspace/prep/internal';
import { describeOnRuntimes, expectClose } from '@netspace/testing';
import { createImageDataset, initialize, lenetLike, siren } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { classificationTask, targetsTask } from '../tasks/classification-task.js';
import type { TaskRunner } from '../tasks/train-task.js';
import { weightsTask } from '../tasks/weights-task.js';
import { fixedPReps, permutedPReps } from './prep-batches.js';

const sizes = { embeddingSize: 16, grid: 4, encoderWidth: 2, decoderChannels: 4, decoderWidth: 16, decoderHidden: 4 };
const family = [0.1, 0.15, 0.3].map((width) => lenetLike({ channels: 1, size: 13, classes: 3, width }));
const dataset = createImageDataset({
  ...{ name: 'noise', shape: [13, 13, 1], classes: 3, mean: [0.5], std: [0.25] },
  images: Uint8Array.from({ length: 6 * 169 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24),
  labels: Uint8Array.from({ length: 6 }, (_, i) => i % 3),
});
const instancesOf = (of: typeof family): Instance[] =>
  [1, 2, 3, 4].map((seed) => {
    const architecture = of[seed % of.length]!;
    return { architecture, parameters: initialize(architecture.parameters, { seed }) };
  });
const spaceOf = (architectures: readonly Architecture[], instances: readonly Instance[]) =>
  new NetSpace({
    architectures,
    prepShape: requiredPRepShape(family[2]!, { width: 64, heightMultiple: 16 }),
    ...sizes,
    start: { from: 'instance', instance: instances[0]! },
    units: { of: instances },
    seed: 1,
  });

/** The loss of a step and the gradient of each of the space's variables. */
function stepOf(space: NetSpace, task: TaskRunner, batch: PRepBatch, nets: readonly number[]): Float32Array[] {
  return tf.tidy(() => {
    const loss = task.prepare(0, nets);
    const { value, grads } = tf.variableGrads(() => loss(batch, space.encode(batch))[0]!, Object.values(space.variables));
    return [value, ...Object.values(space.variables).map(({ name }) => grads[name]!)].map((tensor) => tensor.dataSync<'float32'>());
  });
}

describeOnRuntimes('PRep batches', () => {
  it('negate units where they are told to, another choice at every step', async () => {
    const architecture = siren({ inputs: 1, hidden: 8, layers: 0 });
    const instance = { architecture, parameters: initialize(architecture.parameters, { seed: 1, scheme: 'siren' }) };
    const space = spaceOf([architecture], [instance]);
    const batches = await permutedPReps([instance], { space, seed: 3, permuteChannels: false, flipSigns: true });
    const seen = [0, 1].map((step) => tf.tidy(() => [...batches.batch(step, [0]).preps.dataSync()]));
    const plain = tf.tidy(() => [...space.pack([instance]).preps.dataSync()]);
    for (const numbers of seen) {
      // Row i, bias i and column i of unit i: 8 weights, 8 biases, 8 weights, and the bias of the output, which stays.
      const factors = numbers.slice(0, 25).map((value, i) => value / plain[i]!);
      expect(factors.every((factor) => Math.abs(factor) === 1)).toBe(true);
      expect([factors.slice(8, 16), factors.slice(16, 24), factors[24]]).toEqual([factors.slice(0, 8), factors.slice(0, 8), 1]);
    }
    expect(seen[0]).not.toEqual(seen[1]);
    batches.dispose();
    disposeInstances([instance]);
    space.dispose();
  });

  it.each([
    ['several architectures', family],
    ['one architecture', family.slice(0, 1)],
  ])('of %s know their ClassIds and the rows that they fill, as they are and permuted', async (_, architectures) => {
    const instances = instancesOf(architectures);
    const space = spaceOf(architectures, instances);
    const nets = [2, 0, 1];
    for (const batches of [await fixedPReps(instances, space), await permutedPReps(instances, { space, seed: 3 })]) {
      const { preps, classIds, usedRows } = batches.batch(4, nets);
      expect(classIds).toEqual(nets.map((net) => space.classIdOf(instances[net]!)));
      preps.arraySync().forEach((rows, i) => {
        const last = rows.findLastIndex((row) => row.some((value) => value !== 0));
        expect(usedRows[i]).toBe(last + 1);
        expect(usedRows[i]).toBeLessThan(space.config.prepShape[0]);
      });
      preps.dispose();
      batches.dispose();
    }
    disposeInstances(instances);
    space.dispose();
  });

  it.each([
    ['classification', 'several architectures', family],
    ['classification', 'one architecture', family.slice(0, 1)],
    ['weights', 'one architecture', family.slice(0, 1)],
  ] as const)('leave out padding of a %s task with %s without a difference in loss or gradients', async (kind, _, architectures) => {
    const instances = instancesOf([...architectures]);
    const space = spaceOf([...architectures], instances);
    const context = { space, architectures: space.architectures, instances, inputs: 6, nets: 3, steps: 1, seed: 0 };
    const task =
      kind === 'weights'
        ? weightsTask({ kind }, context)
        : classificationTask(
            parseOptions('test', targetsTask, { kind, dataset, ...(architectures.length > 1 && { route: 'target' }) }),
            context,
          );
    const batches = await fixedPReps(instances, space);
    const nets = [0, 1, 2];
    const batch = batches.batch(0, nets);
    const everyRow = { ...batch, usedRows: nets.map(() => space.config.prepShape[0]) };
    const [got, expected] = [stepOf(space, task, batch, nets), stepOf(space, task, everyRow, nets)];
    got.forEach((values, i) => expectClose(values, expected[i]!, 1e-5));
    expect(got.every((values) => values.some((value) => value !== 0))).toBe(true);
    batch.preps.dispose();
    batches.dispose();
    task.dispose?.();
    space.dispose();
  });
});
