import { NetSpace, type Units } from '@netspace/model';
import { requiredPRepShape, type Instance } from '@netspace/prep';
import { describeOnRuntimes } from '@netspace/testing';
import { initialize, lenetLike } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { trainNetSpace } from '../train-net-space.js';
import { weightsTask } from './weights-task.js';

const sizes = { embeddingSize: 16, grid: 4, encoderWidth: 2, decoderChannels: 4, decoderWidth: 16, decoderHidden: 4 };
const family = [0.1, 0.2].map((width) => lenetLike({ channels: 1, size: 13, classes: 3, width }));
const makeInstances = () =>
  [1, 2, 3].map((seed) => ({ architecture: family[0]!, parameters: initialize(family[0]!.parameters, { seed }) }));
const spaceOf = (architectures: typeof family, units?: Units) =>
  new NetSpace({ architectures, prepShape: requiredPRepShape(family, { width: 64 }), ...sizes, units, seed: 1 });

/** Root mean square of the elements' differences from their means over the networks; 1 for what does not differ. */
function deviationOf(tensors: readonly tf.Tensor[]): number {
  const values = tensors.map((tensor) => tensor.dataSync());
  const squares = Array.from(values[0]!, (_, i) => variance(values.map((one) => one[i]!)));
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length) || 1;
}

function variance(numbers: readonly number[]): number {
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  return numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length;
}

describeOnRuntimes(
  'weightsTask',
  () => {
    it.each([false, true])('is the mean squared difference of the parameters shown, padding left out; normalized: %s', (normalized) => {
      const instances = makeInstances();
      const space = spaceOf([family[0]!], normalized ? { of: instances } : undefined);
      // As augmented: not the parameters that the instances have.
      const shown = instances.slice(1).map((instance) => ({ ...instance, parameters: instance.parameters.map((p) => tf.reverse(p)) }));
      const loss = tf.tidy(() => {
        const context = { space, architectures: space.architectures, instances, inputs: 1, nets: 2, steps: 1, seed: 0 };
        return weightsTask({ kind: 'weights' }, context).prepare(0, [1, 2])(space.pack(shown), space.encode(shown))[0]!.dataSync()[0]!;
      });
      const predicted = space.instantiateAs(space.encode(shown), [0, 0]);
      const units = family[0]!.parameters.map((_, i) => (normalized ? deviationOf(instances.map(({ parameters }) => parameters[i]!)) : 1));
      const flat = (nets: readonly Instance[]) =>
        nets.flatMap(({ parameters }) => parameters.flatMap((tensor, i) => Array.from(tensor.dataSync(), (value) => value / units[i]!)));
      const [a, b] = [flat(shown), flat(predicted)];
      const expected = a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / a.length;
      expect(loss / expected).toBeCloseTo(1, 4);
      space.dispose();
    });

    it('is lowered by training', async () => {
      const space = spaceOf([family[0]!]);
      const options = {
        instances: makeInstances(),
        task: { kind: 'weights' },
        steps: 20,
        batch: { nets: 3 },
        learningRate: 3e-3,
        readEvery: 10,
      } as const;
      const before = tf.memory().numTensors;
      const losses: number[] = [];
      for await (const step of trainNetSpace(space, options)) losses.push(...(step.losses === undefined ? [] : [step.losses['loss']!]));
      expect(losses[1]).toBeLessThan(0.9 * losses[0]!);
      expect(tf.memory().numTensors).toBe(before);
      space.dispose();
    });

    it('refuses several architectures', async () => {
      const space = spaceOf(family);
      const run = trainNetSpace(space, { instances: makeInstances(), task: { kind: 'weights' }, steps: 1, batch: { nets: 1 } }).next();
      await expect(run).rejects.toMatchObject({ code: 'UNSUPPORTED' });
      space.dispose();
    });
  },
  { runtimes: ['wasm'] },
);
