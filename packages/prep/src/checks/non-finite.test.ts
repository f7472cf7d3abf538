import { describeOnRuntimes } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { checkFiniteInstances, checkFiniteTensors, findNonFinite } from './non-finite.js';
import { countingInstance } from '../testing/random-architecture.js';

describeOnRuntimes('findNonFinite', () => {
  it('finds a number that is none wherever it is, and nothing among the largest and smallest that are', async () => {
    const finite = fc.constantFrom<number>(0, -0, 1e-45, 3.4028234e38, -3.4028234e38, 1.5);
    const before = tf.memory().numTensors;
    await fc.assert(
      fc.asyncProperty(
        fc.array(finite, { minLength: 6, maxLength: 6 }),
        fc.nat(5),
        fc.constantFrom(NaN, Infinity, -Infinity),
        async (values, at, none) => {
          const clean = tf.tensor2d(values, [2, 3]);
          const broken = tf.tensor2d(values.with(at, none), [2, 3]);
          const whole = tf.tensor1d([1], 'int32');
          expect(await findNonFinite([['whole', whole], ['clean', clean]])).toBeUndefined(); // prettier-ignore
          const place = [Math.floor(at / 3), at % 3];
          expect(await findNonFinite([['clean', clean], ['broken', broken]])).toEqual({ name: 'broken', value: none, place }); // prettier-ignore
          tf.dispose([clean, broken, whole]);
        },
      ),
      { numRuns: 50 },
    );
    expect(tf.memory().numTensors).toBe(before);
  });
  it('takes no tensors, and empty ones, for finite', async () => {
    expect(await findNonFinite([])).toBeUndefined();
    expect(await findNonFinite([['empty', tf.zeros([0, 3])]])).toBeUndefined();
    await expect(checkFiniteTensors('call', [['scalar', tf.scalar(NaN)]])).rejects.toThrow(
      'call: expected finite numbers, got NaN of scalar; leave it out, or take weights from before the training diverged',
    );
  });
  it('passes networks of numbers, and names the network, the parameter and the place of one that is none', async () => {
    const specs = [
      { name: 'weight', shape: [2, 2] },
      { name: 'bias', shape: [2] },
    ];
    const sound = countingInstance(specs);
    const broken = { ...sound, parameters: [sound.parameters[0]!, tf.tensor1d([0, -Infinity])] };
    await checkFiniteInstances('call', [sound, sound]);
    await expect(checkFiniteInstances('call', [sound, broken])).rejects.toThrow(
      'call: expected finite numbers, got -Infinity at [1] of bias of instance 1; leave it out, or take weights from before the training diverged',
    );
    await expect(checkFiniteInstances('call', [broken], (i) => `file ${i}.pt`)).rejects.toThrow('at [1] of bias of file 0.pt;');
  });
});
