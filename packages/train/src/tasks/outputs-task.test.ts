import { NetSpace } from '@netspace/model';
import { type Architecture, type Instance, requiredPRepShape } from '@netspace/prep';
import { describeOnRuntimes } from '@netspace/testing';
import { createTensorDataset, initialize, siren } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { trainNetSpace } from '../train-net-space.js';
import type { TrainTask } from '../train-net-space-options.js';

const sizes = { embeddingSize: 16, grid: 4, encoderWidth: 2, decoderChannels: 4, decoderWidth: 16, decoderHidden: 4 };
const [small, large] = [4, 5].map((hidden) => siren({ inputs: 2, outputs: 3, hidden, layers: 0 }));
const networks = (architecture = small!): Instance[] =>
  [1, 2].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed, scheme: 'siren' }) }));
const spaceOf = (architectures = [small!]) =>
  new NetSpace({ architectures, prepShape: requiredPRepShape(architectures, { width: 64 }), ...sizes, seed: 1 });
const corners = createTensorDataset({ name: 'corners', inputs: Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1), shape: [2] });

async function losses(space: NetSpace, instances: readonly Instance[], task: TrainTask, steps = 1) {
  const read: Readonly<Record<string, number>>[] = [];
  const options = { instances, task, steps, batch: { nets: instances.length, inputs: 4 }, learningRate: 3e-3, readEvery: 1 };
  for await (const step of trainNetSpace(space, options)) read.push(step.losses!);
  return read;
}

describeOnRuntimes(
  'a task in which networks give numbers',
  () => {
    it('compares predicted networks with their targets on the data, by mean squared error, and lowers it', async () => {
      const [space, instances] = [spaceOf(), networks()];
      const predicted = space.instantiateAs(space.encode(instances), [0, 0]);
      const x = tf.tensor2d(corners.inputs, [4, 2]); // a step sees all four
      const outputs = (all: readonly Instance[]) => tf.concat(all.map(({ parameters }) => small!.apply(parameters, x)), 0); // prettier-ignore
      const expected = tf.mean(tf.square(tf.sub(outputs(predicted), outputs(instances)))).dataSync()[0]!;
      const read = await losses(space, instances, { kind: 'regression', dataset: corners }, 12);
      expect(read[0]!['loss']! / expected).toBeCloseTo(1, 4);
      expect(read.at(-1)!['loss']).toBeLessThan(read[0]!['loss']!);
      space.dispose();
    });

    it('gives the same losses whether outputs of targets are remembered or not', async () => {
      const results = [];
      for (const cacheTargets of [true, false]) {
        const space = spaceOf();
        results.push(await losses(space, networks(), { kind: 'regression', dataset: corners, cacheTargets }, 3));
        space.dispose();
      }
      expect(results[0]).toEqual(results[1]);
    });

    it('compares on the inputs that a generator gives for each step, and says how many it wants', async () => {
      const asked: (readonly [number, number])[] = [];
      const all = (step: number, count: number): tf.Tensor => (asked.push([step, count]), tf.tensor2d(corners.inputs, [4, 2]));
      const results = [];
      for (const dataset of [corners, all]) {
        const space = spaceOf();
        results.push(await losses(space, networks(), { kind: 'regression', dataset, cacheTargets: false }, 2));
        space.dispose();
      }
      const [once, generated] = results.map((read) => read[0]!['loss']!);
      expect(generated! / once!).toBeCloseTo(1, 5); // of the same four corners, in another order
      expect(asked).toEqual([[0, 4], [0, 4], [1, 4]]); // prettier-ignore
      const [space, instances] = [spaceOf(), networks()];
      const before = tf.memory().numTensors;
      const few = (): tf.Tensor => tf.zeros([3, 2]);
      await expect(losses(space, instances, { kind: 'rgb', dataset: few })).rejects.toThrow(
        /expected 4 inputs of the generator for step 0, \[4, …\], got \[3,2\]/,
      );
      await expect(losses(space, instances, { kind: 'rgb', dataset: all, bounds: 2 })).rejects.toThrow(/no task\.bounds with the coordinates of a generator/); // prettier-ignore
      expect(tf.memory().numTensors).toBe(before);
      space.dispose();
    });

    it('draws coordinates for fields, the same for a seed, within bounds', async () => {
      const seen: number[][] = [];
      const watched: Instance[] = networks().map((instance) => ({
        ...instance,
        architecture: { ...small!, apply: (parameters, x) => (seen.push([...x.dataSync()]), small!.apply(parameters, x)) },
      }));
      const space = spaceOf();
      const first = await losses(space, watched, { kind: 'rgb', bounds: 0.25 });
      expect(Math.max(...seen.at(-1)!.map(Math.abs))).toBeLessThanOrEqual(0.25);
      const again = spaceOf();
      expect(await losses(again, networks(), { kind: 'rgb', bounds: 0.25 })).toEqual(first);
      space.dispose();
      again.dispose();
    });

    it('teaches the class head too in a space of several architectures', async () => {
      const space = spaceOf([small!, large!]);
      const instances = [networks(small!)[0]!, networks(large!)[0]!];
      const [read] = await losses(space, instances, { kind: 'regression', dataset: corners, classWeight: 0.5 });
      expect(read!['classId']).toBeCloseTo(0.5 * Math.log(2), 1); // an untrained head is undecided between two
      expect(read!['outputs']! + read!['classId']!).toBeCloseTo(read!['loss']!, 5);
      space.dispose();
    });

    it('compares the output that it names, of networks of several, and asks for the name', async () => {
      const ends = ['color', 'half'].map((name) => ({ name, shape: [null, 3], dtype: 'float32' as const }));
      const x = { name: 'x', shape: [null, 2], dtype: 'float32' as const };
      const applyNamed: Architecture['applyNamed'] = (parameters, { x: given }) => {
        const color = small!.apply(parameters, given!);
        return { color, half: tf.mul(color, 0.5) };
      };
      const apply: Architecture['apply'] = () => {
        throw new Error('the first output is not asked for');
      };
      const { applyMany: _, ...one } = small!;
      const two: Architecture = { ...one, inputs: [x], outputs: ends, apply, applyNamed };
      const read = async (output?: string) => {
        const space = spaceOf([two]);
        const task = { kind: 'regression', dataset: corners, ...(output !== undefined && { output }) } as const;
        return losses(space, networks(two), task).finally(() => space.dispose());
      };
      const [color, half] = [await read('color'), await read('half')];
      const space = spaceOf();
      const [whole] = await losses(space, networks(), { kind: 'regression', dataset: corners });
      space.dispose();
      expect(color[0]).toEqual(whole);
      expect(half[0]!['loss']! / whole!['loss']!).toBeCloseTo(0.25, 5); // a half of all differences
      await expect(read()).rejects.toThrow(/expected the name of the output .* has 2, got none; choose one of color, half/);
      await expect(read('size')).rejects.toThrow(/expected an output of .*, got size; choose one of color, half/);
      const last = spaceOf([two]);
      await expect(losses(last, networks(two), { kind: 'sdf' })).rejects.toThrow(
        /expected a network of one output, got .* has 2 \(color, half\)/,
      );
      last.dispose();
    });

    it.each([
      [{ kind: 'rgb', dataset: corners, bounds: 1 }, /expected no task\.bounds with the coordinates of corners/],
      [{ kind: 'rgb', coordinates: 3 }, /expected x as \[batch, 2\], got \[1,3\]/],
    ] as const)('refuses %j', async (task, words) => {
      const space = spaceOf();
      await expect(losses(space, networks(), task)).rejects.toThrow(words);
      space.dispose();
    });

    it('refuses occupancy of probabilities', async () => {
      const probabilities = { ...small!, apply: (...given: Parameters<Architecture['apply']>) => tf.sigmoid(small!.apply(...given)) };
      const space = spaceOf([probabilities]);
      const instances = networks(probabilities);
      await expect(losses(space, instances, { kind: 'occupancy' })).rejects.toThrow(/occupancy as logits.*as of a sigmoid; export/);
      space.dispose();
    });
  },
  { runtimes: ['cpu'] },
);
