import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { distillationLoss } from '@netspace/losses';
import type { NetSpace } from '@netspace/model';
import { disposeInstances, type Architecture, type Instance } from '@netspace/prep';
import { checkpointFile } from '@netspace/node';
import { describeOnRuntimes } from '@netspace/testing';
import { createImageDataset, imageBatch, siren } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { memoryCheckpoint } from './checkpoint/memory.js';
import { architectures, dataset, instanceOf, spaceOf, valuesOf, collect, common } from './testing/small-run.js';
import { trainNetSpace } from './train-net-space.js';
import type { TargetProgress, TrainNetSpaceOptions } from './train-net-space-options.js';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'netspace-train-'))));
afterAll(() => rm(folder, { recursive: true }));

describeOnRuntimes('trainNetSpace', (runtime) => {
  let space: NetSpace;
  let instances: Instance[];
  let tensors: number;
  const start = (family: readonly Architecture[]) => {
    tensors = tf.memory().numTensors;
    space = spaceOf(family);
    instances = Array.from({ length: 6 }, (_, i) => instanceOf(family[i % family.length]!, i));
  };
  const end = () => {
    space.dispose();
    disposeInstances(instances);
    expect(tf.memory().numTensors).toBe(tensors);
  };

  describe('with one architecture', () => {
    beforeEach(() => start(architectures.slice(1, 2)));
    afterEach(end);

    it('lowers the distance to the targets, and says so every few steps', async () => {
      const batch = { nets: 6, inputs: 12 };
      const steps = await collect(space, { ...common, instances, readEvery: 2, batch, task: { kind: 'classification', dataset } });
      expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(steps[0]).toEqual({ step: 1, steps: 6, learningRate: 3e-3 });
      const losses = steps.flatMap((step) => step.losses?.['loss'] ?? []);
      expect(losses).toHaveLength(3);
      expect(losses[2]).toBeLessThan(losses[0]!);
    });

    it('asks networks to be right as often as their targets, as much as told', async () => {
      const first = async (accuracyGap: number): Promise<number> => {
        const fresh = spaceOf(architectures.slice(1, 2));
        const task = { kind: 'classification', dataset, accuracyGap } as const;
        const [step] = await collect(fresh, { ...common, instances, steps: 1, readEvery: 1, batch: { nets: 6, inputs: 7 }, task });
        fresh.dispose();
        return step!.losses!['loss']!;
      };
      const [none, once, twice] = [await first(0), await first(1), await first(2)];
      expect(once - none).toBeGreaterThan(1e-4);
      expect((twice - none) / (once - none)).toBeCloseTo(2, 2);
    });

    it('can show the encoder the channels of a network in an order that changes with the step, and resume it', async () => {
      const options = { ...common, instances, augment: { permuteChannels: true }, task: { kind: 'classification', dataset } } as const;
      const plain = await collect(space, { ...options, augment: {} });
      const start = valuesOf(space);
      const once = spaceOf(architectures.slice(1, 2));
      const permuted = await collect(once, options);
      expect(permuted.at(-1)!.losses).not.toEqual(plain.at(-1)!.losses);
      const twice = spaceOf(architectures.slice(1, 2));
      const checkpoint = { storage: checkpointFile(join(folder, `${runtime}-permuted.safetensors`)), every: 2, resume: true };
      for await (const { step } of trainNetSpace(twice, { ...options, checkpoint })) if (step === 3) break;
      await collect(twice, { ...options, checkpoint });
      expect(valuesOf(twice)).toEqual(valuesOf(once));
      expect(valuesOf(once)).not.toEqual(start);
      [once, twice].forEach((one) => one.dispose());
    });

    it('reads nothing from the runtime but the losses, when they are asked for', async () => {
      const engine = tf.engine();
      const [read, readSync] = [vi.spyOn(engine, 'read'), vi.spyOn(engine, 'readSync')];
      const reads: number[] = [];
      const options = { ...common, instances, batch: { nets: 2, inputs: 2 }, steps: 6, readEvery: 2 };
      for await (const { losses } of trainNetSpace(space, { ...options, task: { kind: 'classification', dataset } })) {
        reads.push(read.mock.calls.length + readSync.mock.calls.length);
        expect(losses === undefined).toBe(reads.length % 2 === 1);
      }
      vi.restoreAllMocks();
      expect(reads.slice(1).map((count, i) => count - reads[i]!)).toEqual([1, 0, 1, 0, 1]); // before the first step, instances are checked
    });

    if (runtime === 'cpu') return; // too slow for what follows

    it('stops after the step when its signal says so, and leaves a checkpoint to go on from', async () => {
      const options = { ...common, instances, task: { kind: 'classification', dataset } as const };
      const storage = checkpointFile(join(folder, `${tf.getBackend()}-aborted.checkpoint`));
      const controller = new AbortController();
      const done: number[] = [];
      const run = async () => {
        for await (const { step } of trainNetSpace(space, { ...options, checkpoint: { storage }, signal: controller.signal })) {
          done.push(step);
          if (step === 2) controller.abort();
        }
      };
      await expect(run()).rejects.toMatchObject({ code: 'ABORTED', message: /after step 2 of 6; resume from/ });
      expect(done).toEqual([1, 2]);
      const rest = await collect(space, { ...options, checkpoint: { storage, resume: true } });
      expect(rest[0]?.step).toBe(3);
      await expect(collect(space, { ...options, signal: controller.signal })).rejects.toMatchObject({ code: 'ABORTED' });
    });

    it('stops while targets run ahead of the first step, and says how many have', async () => {
      const storage = checkpointFile(join(folder, `${tf.getBackend()}-ahead.checkpoint`));
      const controller = new AbortController();
      const told: TargetProgress[] = [];
      const onTarget = (progress: TargetProgress) => {
        told.push(progress);
        if (progress.done === 1) controller.abort();
      };
      const task = { kind: 'classification', dataset, cacheTargets: true } as const;
      const stopped = collect(space, { ...common, instances, task, checkpoint: { storage }, onTarget, signal: controller.signal });
      await expect(stopped).rejects.toMatchObject({ code: 'ABORTED', message: /after step 0 of 6; resume from/ });
      expect(told[0]).toEqual({ done: 0, total: instances.length });
      expect(told.at(-1)).toEqual({ done: 1, total: instances.length });
    });
  });

  if (runtime === 'cpu') return;

  describe('with several architectures', () => {
    beforeEach(() => start(architectures));
    afterEach(end);

    it('learns from targets: every term is there and the total falls', async () => {
      const steps = await collect(space, {
        ...common,
        instances,
        batch: { nets: 6, inputs: 12 },
        task: { kind: 'classification', dataset },
        steps: 12,
      });
      const read = steps.flatMap(({ losses }) => (losses === undefined ? [] : [losses]));
      const [first, last] = [read[0], read[3]];
      expect(Object.keys(first!)).toEqual(['loss', 'classId', 'distillation', 'interpolation']);
      expect(last!['loss']).toBeLessThan(first!['loss']!);
    });

    it('learns from one teacher, or the labels alone, with balanced batches', async () => {
      for (const teacher of [instances[2]!, 'labels'] as const) {
        const batch = { nets: 3, inputs: 6, sampling: 'balanced' } as const;
        const steps = await collect(space, {
          ...common,
          batch,
          instances,
          task: { kind: 'classification', dataset, teacher, route: 'target' },
        });
        const losses = steps.at(-1)!.losses!;
        expect(losses['interpolation']).toBeGreaterThan(0); // each batch has a boundary pair
      }
    });

    it.each(['predicted', 'target'] as const)(
      'runs networks of a space that normalizes in the units of the %s architecture',
      async (route) => {
        const normalized = spaceOf(architectures, { units: { of: instances } });
        const own = instances.map((instance) => normalized.classIdOf(instance));
        const embeddings = normalized.encode(instances);
        const students = await normalized.instantiate(embeddings, route === 'target' ? { classIds: own } : {});
        const expected = tf.tidy(() => {
          const { images } = imageBatch(dataset, [...Array(12).keys()]);
          const logits = ({ architecture, parameters }: Instance) => architecture.apply(parameters, images) as tf.Tensor2D;
          return students.reduce((sum, student, i) => sum + distillationLoss(logits(student), logits(instances[i]!)).dataSync()[0]!, 0);
        });
        disposeInstances(students);
        embeddings.dispose();
        const task = { kind: 'classification', dataset, route } as const;
        const steps = await collect(normalized, { ...common, instances, batch: { nets: 6, inputs: 12 }, task, steps: 12, readEvery: 1 });
        expect(steps[0]!.losses!['distillation']).toBeCloseTo(expected, 4);
        expect(steps[11]!.losses!['loss']).toBeLessThan(steps[0]!.losses!['loss']!);
        normalized.dispose();
      },
    );
  });

  describe('with SIRENs', () => {
    beforeEach(() => start([siren({ hidden: 8 })]));
    afterEach(end);

    it.each(['shared', 'own', 'both'] as const)('lowers the squared distance between fields at %s points', async (points) => {
      const near = instances.map((_, i) => Float32Array.from({ length: 9 }, (__, j) => (i + j) / 20 - 0.3));
      const batch = { nets: 3, inputs: 32 };
      const steps = await collect(space, {
        ...common,
        batch,
        instances,
        learningRate: 1e-3,
        task: { kind: 'sdf', near, points },
        steps: 30,
        readEvery: 10,
      });
      const losses = steps.flatMap((step) => step.losses?.['loss'] ?? []);
      expect(losses[2]).toBeLessThan(losses[0]!);
    });
  });
});

describe('trainNetSpace', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu'); // whether or not a test above ran
  });

  it('frees what it has made where a later check refuses', async () => {
    const space = spaceOf(architectures.slice(1, 2));
    const instances = [instanceOf(architectures[1]!, 0)];
    const stranger = instanceOf(architectures[0]!, 0);
    const before = tf.memory().numTensors;
    const options = { instances, task: { kind: 'weights' }, steps: 2, batch: { nets: 1 } } as const; // this task keeps a tensor
    await expect(collect(space, { ...options, learningRate: -1 })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(collect(space, { ...options, instances: [...instances, stranger] })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    for (const permuteChannels of [false, true]) {
      const broken = [{ ...instances[0]!, parameters: instances[0]!.parameters.slice(1) }];
      const run = collect(space, { ...options, instances: broken, augment: { permuteChannels } });
      await expect(run).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
    }
    expect(tf.memory().numTensors).toBe(before);
    space.dispose();
  });

  it('reads the losses of the last step where fewer are taken than are read at once', async () => {
    const space = spaceOf(architectures.slice(1, 2));
    const options = { instances: [instanceOf(architectures[1]!, 0)], task: { kind: 'weights' }, batch: { nets: 1 } } as const;
    const of = async (steps: number) =>
      (await collect(space, { ...options, steps, readEvery: 2 })).map(({ losses }) => losses !== undefined);
    expect([await of(1), await of(3)]).toEqual([[true], [false, true, false]]);
    space.dispose();
  });

  it('refuses options that mean nothing', async () => {
    const space = spaceOf(architectures.slice(1, 2));
    const instances = [instanceOf(architectures[1]!, 0)];
    const options = { instances, task: { kind: 'classification', dataset }, steps: 1, batch: { nets: 1, inputs: 2 } } as const;
    const refused = async (change: Partial<TrainNetSpaceOptions>, message: RegExp) =>
      expect(collect(space, { ...options, ...change })).rejects.toThrow(message);
    await refused({ instances: [] }, /expected instances to be a list of at least one instance, got \[\]/);
    await refused({ steps: 0 }, /trainNetSpace: expected steps to be a positive integer, got 0/);
    await refused({ readEvery: 0.5 }, /readEvery to be a positive integer/);
    await refused({ checkpoint: { storage: memoryCheckpoint(), every: 0 } }, /checkpoint.every to be a positive integer/);
    await refused({ batch: { nets: 2, inputs: 2 } }, /trainNetSpace: expected batch\.nets from 1 to 1, the number of nets, got 2/);
    await refused({ batch: { nets: 1, inputs: 13 } }, /batch\.inputs from 1 to 12, the number of images, got 13/);
    await refused(
      { task: { kind: 'classification', dataset, teacher: 'labels' } },
      /expected no task.teacher with one architecture, got 'labels'/,
    );
    await refused({ task: { kind: 'sdf', near: [] } }, /points near each of 1 instances, got 0/);
    const several = { alpha: 0.5, weights: {}, route: 'target', interpolation: true } as const;
    for (const [key, value] of Object.entries(several)) {
      const task = { kind: 'classification', dataset, [key]: value } as const;
      await refused({ task }, new RegExp(`expected no task.${key} with one architecture, got .*; leave it out`));
    }
    await refused({ learnigRate: 1 } as never, /unknown option learnigRate; did you mean learningRate\?/);
    await refused({ task: { kind: 'weights' } }, /expected no batch.inputs in a weights task, got 2; leave it out/);
    await refused({ task: { kind: 'weigths' } as never }, /task.kind to be one of .*; did you mean 'weights'\?/);
    const more = createImageDataset({ ...dataset, shape: [13, 13, 1], classes: 4 });
    await refused({ task: { kind: 'classification', dataset: more } }, /to have 4 outputs for noise, got \[1,3\]/);
    const multi = spaceOf(architectures);
    const relative = { kind: 'classification', dataset, teacher: 'labels', relative: 0.5 } as never;
    await expect(collect(multi, { ...options, task: relative })).rejects.toThrow(
      /expected task.relative to be left out with teacher 'labels', got 0.5/,
    );
    await refused(
      { task: { kind: 'classification', dataset, accuracyGap: -1 } },
      /expected task.accuracyGap to be a number from 0 up, got -1/,
    );
    const gap = { kind: 'classification', dataset, teacher: instances[0]!, accuracyGap: 1 } as never;
    await expect(collect(multi, { ...options, task: gap })).rejects.toThrow(
      /expected task.accuracyGap to be left out with one teacher, got 1/,
    );
    await expect(collect(multi, { ...options, task: { kind: 'sdf' } })).rejects.toThrow(/one SIREN architecture.*got 3 architectures/);
  });
});
