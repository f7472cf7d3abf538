import { NetSpace } from '@netspace/model';
import { disposeInstances, type Instance, requiredPRepShape } from '@netspace/prep';
import { describeOnRuntimes, expectClose } from '@netspace/testing';
import { initialize, siren } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { memoryCheckpoint } from '../checkpoint/memory.js';
import { trainNetSpace } from '../train-net-space.js';
import type { TrainNetSpaceOptions } from '../train-net-space-options.js';
import { freeEmbeddings, TABLE } from './free-embeddings.js';
import { trainedEmbeddings } from './trained-embeddings.js';

const architecture = siren({ hidden: 8 });
const prepShape = requiredPRepShape(architecture, { width: 64 });
const sizes = { embeddingSize: 16, grid: 4, encoderWidth: 2, decoderChannels: 4, decoderWidth: 16, decoderHidden: 4 };
const newSpace = () => new NetSpace({ architectures: [architecture], prepShape, ...sizes, seed: 1 });

describeOnRuntimes('freeEmbeddings', () => {
  let space: NetSpace;
  let instances: Instance[];
  let tensors: number;
  beforeEach(() => {
    tensors = tf.memory().numTensors;
    space = newSpace();
    instances = [1, 2, 3, 4].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed, scheme: 'siren' }) }));
  });
  afterEach(() => {
    space.dispose();
    disposeInstances(instances);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('gives each network a row of its own, and a term for what the encoder misses of it', () => {
    const free = freeEmbeddings(space, 4, 7);
    const table = free.variables[TABLE]!;
    const nets = [2, 0];
    tf.tidy(() => {
      const batch = space.pack(nets.map((net) => instances[net]!));
      const embeddings = free.of(batch, nets);
      const [term] = free.lossTerms(batch, embeddings);
      const all = table.arraySync() as number[][];
      const rows = nets.flatMap((net) => all[net]!.map((value) => 3 * value));
      expectClose(embeddings.dataSync(), rows, 1e-6);
      const encoded = space.encode(batch).dataSync();
      const error = rows.reduce((sum, value, i) => sum + (value - encoded[i]!) ** 2, 0) / rows.length;
      const variances = all[0]!.map((_, k) => {
        const mean = all.reduce((sum, row) => sum + row[k]! / 4, 0);
        return all.reduce((sum, row) => sum + (3 * (row[k]! - mean)) ** 2 / 4, 0);
      });
      const spread = variances.reduce((sum, value) => sum + value / variances.length, 0);
      expect(term!.dataSync()[0]! / (error / spread)).toBeCloseTo(1, 4);
    });
    free.dispose();
  });

  it('lets the task move the rows of its networks alone, and the term the encoder alone', () => {
    const free = freeEmbeddings(space, 4, 7);
    const table = free.variables[TABLE]!;
    tf.tidy(() => {
      const batch = space.pack([instances[1]!]);
      const ofTask = tf.variableGrads(() => tf.sum(free.of(batch, [1])), [table]);
      const moved = ofTask.grads[table.name]!.arraySync() as number[][];
      expect(moved.map((row) => row.every((value) => value === 3))).toEqual([false, true, false, false]);
      expect(moved.filter((row) => row.every((value) => value === 0))).toHaveLength(3);
      const bias = space.variables['encoder/conv4.0.bias']!;
      const ofTerm = tf.variableGrads(() => {
        const [term] = free.lossTerms(batch, free.of(batch, [1]));
        return tf.add<tf.Scalar>(term!, tf.mul(0, tf.sum(table)));
      }, [table, bias]);
      expect([...ofTerm.grads[table.name]!.dataSync()].every((value) => value === 0)).toBe(true);
      expect(ofTerm.grads[bias.name]!.dataSync().some((value) => value !== 0)).toBe(true);
    });
    free.dispose();
  });

  it('gives embeddings without the encoder, which only its own term needs', () => {
    const free = freeEmbeddings(space, 4, 7);
    const batch = space.pack([instances[1]!]);
    batch.preps.dispose(); // what the encoder would see
    tf.tidy(() => {
      expect(free.of(batch, [1]).shape).toEqual([1, 16]);
      expect(() => free.lossTerms(batch, free.of(batch, [1]))).toThrow(/disposed/);
    });
    free.dispose();
  });

  it('learns from one network, whose term counts in the variance that rows start with', async () => {
    const free = freeEmbeddings(space, 1, 7);
    tf.tidy(() => {
      const batch = space.pack([instances[0]!]);
      const embeddings = free.of(batch, [0]);
      const [term] = free.lossTerms(batch, embeddings);
      const error = tf.mean(tf.squaredDifference(space.encode(batch), embeddings)).dataSync()[0]!;
      expect(term!.dataSync()[0]! / (error / 0.04)).toBeCloseTo(1, 4);
    });
    free.dispose();
    const options = {
      instances: instances.slice(0, 1),
      task: { kind: 'weights' },
      steps: 4,
      batch: { nets: 1 },
      learningRate: 1e-2,
    } as const;
    const losses: Readonly<Record<string, number>>[] = [];
    for await (const step of trainNetSpace(space, { ...options, readEvery: 2, embeddings: 'free' }))
      if (step.losses) losses.push(step.losses);
    for (const name of ['loss', 'encoder']) expect(losses[1]![name]).toBeLessThan(losses[0]![name]!);
  });

  it('names the term of the task too when a run diverges', async () => {
    const options = { instances, task: { kind: 'weights' }, steps: 2, batch: { nets: 4 }, learningRate: 1e30, embeddings: 'free' } as const;
    const run = trainNetSpace(space, options);
    await expect(async () => { for await (const _ of run); }).rejects.toThrow(/got the loss term loss, encoder that/); // prettier-ignore
  });

  it('learns with them, and goes on bit-exactly from a checkpoint, but not as another kind of run', async () => {
    const options = {
      ...{ instances, task: { kind: 'weights' }, steps: 6, batch: { nets: 4 }, learningRate: 1e-2 },
      ...{ readEvery: 2, seed: 3, embeddings: 'free' },
    } as const satisfies TrainNetSpaceOptions;
    const losses: Readonly<Record<string, number>>[] = [];
    for await (const step of trainNetSpace(space, options)) if (step.losses !== undefined) losses.push(step.losses);
    expect(losses.map((terms) => Object.keys(terms))).toEqual(Array(3).fill(['loss', 'encoder']));
    expect(losses[2]!['loss']).toBeLessThan(losses[0]!['loss']!);

    const again = newSpace();
    const checkpoint = { storage: memoryCheckpoint(), every: 2, resume: true };
    for await (const { step } of trainNetSpace(again, { ...options, checkpoint })) if (step === 3) break;
    for await (const _ of trainNetSpace(again, { ...options, checkpoint }));
    const values = (of: NetSpace) => Object.values(of.variables).map((variable) => [...variable.dataSync()]);
    expect(values(again)).toEqual(values(space));
    const found = await trainedEmbeddings(checkpoint.storage);
    expect(found.shape).toEqual([4, 16]);
    const free = freeEmbeddings(again, 4, options.seed);
    const first = free.variables[TABLE]!.dataSync();
    const moved = [...found.dataSync()].map((value, i) => Math.abs(value - 3 * first[i]!));
    expect(Math.min(...moved)).toBeGreaterThan(0);
    expect(Math.max(...moved)).toBeLessThan(3 * 6 * 1.1e-2); // a step of Adam is about as long as its rate
    free.dispose();
    found.dispose();
    await expect(trainedEmbeddings(memoryCheckpoint())).rejects.toThrow(/got nothing; encode/);
    const other = trainNetSpace(again, { ...options, embeddings: 'encoded', checkpoint });
    await expect(other.next()).rejects.toThrow(/another 'embeddings'/);
    again.dispose();
  });
});
