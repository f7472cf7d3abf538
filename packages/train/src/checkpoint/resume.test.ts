import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Directions, LearningRate, NetSpace, StartOptions } from '@netspace/model';
import { checkpointFile, metricsFile } from '@netspace/node';
import { disposeInstances, type Instance } from '@netspace/prep';
import { describeOnRuntimes } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';

import { architectures, collect, common, dataset, instanceOf, spaceOf, valuesOf } from '../testing/small-run.js';
import { trainNetSpace } from '../train-net-space.js';
import type { TrainNetSpaceOptions } from '../train-net-space-options.js';
import { readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { memoryCheckpoint } from './memory.js';
import type { CheckpointStorage } from './storage.js';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'netspace-resume-'))));
afterAll(() => rm(folder, { recursive: true }));

describeOnRuntimes('trainNetSpace, resumed', () => {
  let space: NetSpace;
  let instances: Instance[];
  let tensors: number;
  beforeEach(() => {
    const family = architectures.slice(1, 2);
    tensors = tf.memory().numTensors;
    space = spaceOf(family);
    instances = Array.from({ length: 6 }, (_, i) => instanceOf(family[0]!, i));
  });
  afterEach(() => {
    space.dispose();
    disposeInstances(instances);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  /** Two steps, or what is left of them. */
  const resumedFrom = (storage: CheckpointStorage) =>
    ({ ...common, instances, steps: 2, task: { kind: 'classification', dataset }, checkpoint: { storage, resume: true } }) as const;

  it('goes on bit-exactly from a checkpoint, metrics included', async () => {
    const options = { ...common, instances, task: { kind: 'classification', dataset } as const };
    const whole = metricsFile(join(folder, 'whole.jsonl'));
    await collect(space, { ...options, metrics: whole });
    const expected = valuesOf(space);
    const storage = checkpointFile(join(folder, `${tf.getBackend()}.checkpoint`));
    const metrics = metricsFile(join(folder, 'parts.jsonl'));
    const first = spaceOf(space.architectures);
    for await (const { step } of trainNetSpace(first, { ...options, metrics, checkpoint: { storage, every: 2 } })) if (step === 5) break;
    const second = spaceOf(space.architectures);
    const rest = await collect(second, { ...options, metrics, checkpoint: { storage, resume: true } });
    expect(rest.map(({ step }) => step)).toEqual([5, 6]);
    expect(valuesOf(second)).toEqual(expected);
    expect(await readFile(join(folder, 'parts.jsonl'), 'utf8')).toBe(await readFile(join(folder, 'whole.jsonl'), 'utf8'));
    expect(await collect(second, { ...options, checkpoint: { storage, resume: true } })).toEqual([]); // nothing left to do
    const other = collect(second, { ...options, seed: 6, checkpoint: { storage, resume: true } });
    await expect(other).rejects.toMatchObject({ code: 'INVALID_OPTION', message: /another 'seed'/ });
    first.dispose();
    second.dispose();
  });

  it('goes on neither under other units nor from another start, and names which', async () => {
    const storage = memoryCheckpoint();
    const options = resumedFrom(storage);
    const family = space.architectures;
    const run = async (start: StartOptions, steps = 2) => {
      const one = spaceOf(family, start);
      try {
        return (await collect(one, { ...options, steps })).length;
      } finally {
        one.dispose();
      }
    };
    const units = { of: instances };
    const from = { from: 'instances', instances: [instances[0]!] } as const;
    expect(await run({ start: from, units })).toBe(2);
    expect(await run({ start: from, units }, 3)).toBe(1); // the same again, measured anew
    const refused = async (start: StartOptions, key: string) =>
      expect(run(start)).rejects.toMatchObject({
        code: 'INVALID_OPTION',
        message: expect.stringContaining(`another '${key}'`) as string,
      });
    await refused({ start: from, units: { of: instances.slice(1) } }, 'units');
    await refused({ start: { ...from, instances: [instances[1]!] }, units }, 'units'); // what decoding starts from is among them
    await refused({ units }, 'space.startedFrom');
    await refused({}, 'space.startedFrom');
  });

  it('goes on with the same directions, and not with others', async () => {
    const checkpoint = { storage: memoryCheckpoint(), resume: true };
    const run = async (steps: number, directions?: Directions) => {
      const one = spaceOf(space.architectures, { units: { of: instances }, directions });
      const options = { ...common, instances, steps, embeddings: 'free', task: { kind: 'classification', dataset }, checkpoint } as const;
      return collect(one, options).finally(() => one.dispose());
    };
    await run(2, { scale: 3, seed: 0 });
    expect((await run(3, { scale: 3, seed: 0 })).map(({ step }) => step)).toEqual([3]);
    await expect(run(3, { scale: 3, seed: 1 })).rejects.toThrow(/another 'space\.directions/);
    await expect(run(3, { scale: 2, seed: 0 })).rejects.toThrow(/another 'space\.directions/);
    await expect(run(3)).rejects.toThrow(/another 'space\.directions/);
  });

  it('says why a run whose rate falls until its end cannot be made longer, and how to go on all the same', async () => {
    const learningRate = { kind: 'cosine', learningRate: 1e-3, final: 1e-4 } as const;
    const checkpoint = { storage: memoryCheckpoint(), resume: true };
    const options = { ...common, instances, steps: 1, learningRate, task: { kind: 'weights' }, batch: { nets: 2 }, checkpoint } as const;
    const run = async (more: Partial<TrainNetSpaceOptions>) => {
      const own = spaceOf(space.architectures);
      return collect(own, { ...options, ...more }).finally(() => own.dispose());
    };
    await run({});
    const longer = (rate: LearningRate) => run({ steps: 2, learningRate: rate });
    await expect(longer(learningRate)).rejects.toThrow(
      /falls over 2 steps, got one over 1: .* learningRate\.steps: 1 to go on.*\(0\.0001\)/,
    );
    expect((await longer({ ...learningRate, steps: 1 })).map(({ step }) => step)).toEqual([2]);
  });

  it.each(['cosine', 'linear'] as const)('takes no step of a %s schedule that has fallen to 0, and does not offer it', async (kind) => {
    const learningRate = { kind, learningRate: 1e-3 } as const;
    const checkpoint = { storage: memoryCheckpoint(), resume: true };
    const options = { ...common, instances, steps: 1, learningRate, task: { kind: 'weights' }, batch: { nets: 2 }, checkpoint } as const;
    const run = async (more: Partial<TrainNetSpaceOptions>) => {
      const own = spaceOf(space.architectures);
      return collect(own, { ...options, ...more }).finally(() => own.dispose());
    };
    await run({});
    const refused = await run({ steps: 2 }).catch((error: unknown) => String(error));
    expect(refused).toMatch(/because its learning rate is 0 after 1 steps; resume it with 1 steps, or start in another folder$/);
    const atZero = run({ steps: 2, learningRate: { ...learningRate, steps: 1 } });
    await expect(atZero).rejects.toMatchObject({ code: 'INVALID_OPTION', message: /schedule in .* that is 0 from step 1 on/ });
    expect(await run({ steps: 1, learningRate: { ...learningRate, steps: 1 } })).toEqual([]); // finished
  });

  it('goes on from a checkpoint of earlier versions, which knows no units', async () => {
    const storage = memoryCheckpoint();
    const options = resumedFrom(storage);
    const start: StartOptions = { start: { from: 'instance', instance: instances[0]! }, units: { of: instances } };
    const first = spaceOf(space.architectures, start);
    await collect(first, options);
    const now = (await readCheckpoint(storage))!;
    const { units: _, ...config } = now.config as { space: Record<string, unknown>; units: string };
    const { startedFrom: __, ...sizes } = config.space;
    await writeCheckpoint(storage, { ...now, config: { ...config, space: { ...sizes, scaleBias: 'instance' } } });
    tf.dispose(now.tensors);
    const second = spaceOf(space.architectures, start);
    expect((await collect(second, { ...options, steps: 3 })).map(({ step }) => step)).toEqual([3]);
    const other = spaceOf(space.architectures);
    await writeCheckpoint(storage, { ...now, tensors: {}, config: { ...config, space: { ...sizes, scaleBias: 'instance' } } });
    await expect(collect(other, options)).rejects.toThrow(/another 'space.scaleBias'/);
    [first, second, other].forEach((one) => one.dispose());
  });
});
