import { NetSpace } from '@netspace/model';
import { disposeInstances, divergenceOf, type Instance } from '@netspace/prep';
import { describeOnRuntimes } from '@netspace/testing';
import { initialize, siren } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { readCheckpoint } from './checkpoint/checkpoint.js';
import { memoryCheckpoint } from './checkpoint/memory.js';
import { memoryMetrics } from './metrics/memory.js';
import { trainNetSpace } from './train-net-space.js';
import type { TrainNetSpaceOptions, TrainStep } from './train-net-space-options.js';

const architecture = siren({ hidden: 8, layers: 0 });
const sizes = { embeddingSize: 16, grid: 4, encoderWidth: 2, decoderChannels: 4, decoderWidth: 16, decoderHidden: 4 };
const makeSpace = () => new NetSpace({ architectures: [architecture], prepShape: [4, 16], ...sizes, seed: 3 });
const valuesOf = (space: NetSpace) => Object.values(space.variables).map((variable) => [...variable.dataSync()]);
/** Harmless up to step 11, then times `factor`. */
const exploding = (factor: number) => ({ kind: 'steps', learningRate: 1e-3, milestones: [11], factor }) as const;

async function collect(space: NetSpace, options: TrainNetSpaceOptions): Promise<TrainStep[]> {
  const all = [];
  for await (const step of trainNetSpace(space, options)) all.push(step);
  return all;
}

describeOnRuntimes('a training that diverges', (runtime) => {
  let instances: Instance[];
  let space: NetSpace;
  let tensors: number;
  beforeEach(() => {
    tensors = tf.memory().numTensors;
    instances = [1, 2, 3].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) }));
    space = makeSpace();
  });
  afterEach(() => {
    disposeInstances(instances);
    space.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
  });
  const options = (change: Partial<TrainNetSpaceOptions>): TrainNetSpaceOptions => ({
    ...{ instances, task: { kind: 'weights' }, steps: 30, batch: { nets: 2 }, readEvery: 3, seed: 1 },
    learningRate: exploding(1e33),
    ...change,
  });
  const failure = (change: Partial<TrainNetSpaceOptions>): Promise<unknown> =>
    collect(space, options(change)).then(
      () => undefined,
      (error: unknown) => error,
    );

  it('ends at once with step and term, and keeps the last good checkpoint and finite metrics', async () => {
    const storage = memoryCheckpoint();
    const metrics = memoryMetrics();
    const error = await failure({ checkpoint: { storage, every: 5 }, metrics });
    expect(error).toMatchObject({ code: 'DIVERGED', message: expect.stringContaining('the last good checkpoint is in memory') as string });
    const { after, step, term } = divergenceOf(error)!;
    expect([after, step]).toEqual([12, 15]);
    expect(term).toMatch(/^the loss term loss$|^the weight /);
    const { step: saved, tensors: kept } = (await readCheckpoint(storage))!;
    expect(saved).toBe(10);
    for (const tensor of Object.values(kept)) expect([...tensor.dataSync()].every(Number.isFinite)).toBe(true);
    tf.dispose(kept);
    expect(metrics.records.map((record) => record.step)).toEqual([3, 6, 9, 12]);
    expect(metrics.records.flatMap((record) => Object.values(record)).every(Number.isFinite)).toBe(true);
  });

  it('is found at the last step where nothing else is read', async () => {
    expect(await failure({ steps: 16, readEvery: 1000 })).toMatchObject({ code: 'DIVERGED', cause: { after: 0, step: 16 } });
  });

  it('is found by one weight that no loss depends on', async () => {
    const error = await (async () => {
      for await (const { step } of trainNetSpace(space, options({ learningRate: 1e-3 }))) {
        // Its gradient goes nowhere: a cell of the scale layer's bias behind the last parameter.
        if (step !== 4) continue;
        const bias = space.variables['decoder/scalelayer.bias']!;
        const values = bias.dataSync().slice();
        values[values.length - 1] = NaN;
        tf.tidy(() => bias.assign(tf.tensor(values, bias.shape)));
      }
    })().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'DIVERGED', cause: { after: 3, step: 6 } });
  });

  // When to go back does not depend on who computes, and takes hundreds of steps.
  const suiteOfRewinds = (): void => {
    const rewinding = { onDivergence: 'rewind', learningRate: exploding(3e4) } as const;

    it('goes back to the last checkpoint with half the rate, until it holds, and says so in its metrics', async () => {
      const metrics = memoryMetrics();
      const steps = await collect(space, options({ ...rewinding, metrics, checkpoint: { storage: memoryCheckpoint(), every: 5 } }));
      const rewinds = steps.at(-1)!.rewinds!;
      expect(rewinds.length).toBeGreaterThan(0);
      expect(rewinds.length).toBeLessThan(9);
      expect(rewinds.every(({ from, to }) => to % 5 === 0 && from > to)).toBe(true);
      expect(steps.at(-1)).toMatchObject({ step: 30, learningRate: 30 / 2 ** rewinds.length });
      expect(metrics.records.map(({ step }) => step)).toEqual([3, 6, 9, 12, 15, 18, 21, 24, 27, 30]);
      expect(metrics.records[0]).not.toHaveProperty('rewinds');
      expect(metrics.records.at(-1)).toMatchObject({ rewinds: rewinds.length, learningRate: 30 / 2 ** rewinds.length });
    });

    it('goes through the same bits when it is stopped between checkpoints and resumed', async () => {
      const whole = memoryMetrics();
      await collect(space, options({ ...rewinding, metrics: whole, checkpoint: { storage: memoryCheckpoint(), every: 10 } }));
      const [storage, parts, again] = [memoryCheckpoint(), memoryMetrics(), makeSpace()];
      let sessions = 0;
      for (let done = false; !done;) {
        const controller = new AbortController();
        const run = options({ ...rewinding, metrics: parts, checkpoint: { storage, every: 10, resume: true }, signal: controller.signal });
        let seen = 0;
        done = await (async () => {
          for await (const { step } of trainNetSpace(again, run)) if (++seen === 4 && step < 30) controller.abort();
          return true;
        })().catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'ABORTED' });
          return false;
        });
        expect(++sessions).toBeLessThan(40);
      }
      expect(sessions).toBeGreaterThan(8);
      expect(parts.records).toEqual(whole.records);
      expect(valuesOf(again)).toEqual(valuesOf(space));
      again.dispose();
    });

    it('goes back to the start without a checkpoint, and gives up after eight times', async () => {
      const error = await failure({ onDivergence: 'rewind' });
      expect(error).toMatchObject({
        code: 'DIVERGED',
        message: expect.stringMatching(/8 times back and with half the learning rate/) as string,
      });
    });
  };
  if (runtime === 'wasm') describe('told to rewind', suiteOfRewinds);

  it('is not begun with weights that are none: the instance, the parameter and the place are named', async () => {
    const { parameters } = instances[1]!;
    const sick = [...parameters];
    const values = parameters[1]!.dataSync().slice();
    values[2] = -Infinity;
    sick[1] = tf.tensor(values, parameters[1]!.shape);
    const name = architecture.parameters[1]!.name;
    for (const permuteChannels of [false, true]) {
      const broken = [instances[0]!, { architecture, parameters: sick }];
      expect(await failure({ instances: broken, augment: { permuteChannels } })).toMatchObject({
        code: 'INVALID_OPTION',
        message: expect.stringContaining(`got -Infinity at [2] of ${name} of instance 1`) as string,
      });
    }
    sick[1].dispose();
  });
});
