import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { describeOnRuntimes, expectNoLeak } from '@netspace/testing';

import type { Instance } from '../architecture.js';
import { packBatch, type PRepBatch } from './batch.js';
import { packPReps } from './pack.js';

const architecture = (name: string, size: number) => ({ name, parameters: [{ name: 'w', shape: [size] }], apply: () => tf.scalar(0) });
const [small, large, stranger] = [architecture('small', 3), architecture('large', 17), architecture('stranger', 1)];
const instanceOf = (of: typeof small): Instance => ({ architecture: of, parameters: of.parameters.map(({ shape }) => tf.ones(shape)) });
const options = { shape: [4, 8], architectures: [small, large] } as const;

describeOnRuntimes('packBatch', () => {
  it('keeps with each PRep which architecture it is of and how many rows it fills', () => {
    const instances = [instanceOf(large), instanceOf(small), instanceOf(large)];
    const { preps, classIds, usedRows } = packBatch(instances, options);
    expect(classIds).toEqual([1, 0, 1]);
    expect(usedRows).toEqual([3, 1, 3]); // 17 and 3 numbers in rows of 8
    expect(preps.arraySync()).toEqual(packPReps(instances, options.shape).arraySync());
    preps.arraySync().forEach((rows, i) => {
      const filled = rows.map((row) => row.some((value) => value !== 0));
      expect(filled).toEqual([0, 1, 2, 3].map((row) => row < usedRows[i]!));
    });
  });

  it('leaks no tensor, also where it refuses', () => {
    const instances = [instanceOf(small)];
    expectNoLeak(() => packBatch(instances, options).preps);
    const strangers = [instanceOf(small), instanceOf(stranger)];
    const refused = (): PRepBatch => packBatch(strangers, options);
    const before = tf.memory().numTensors;
    expect(refused).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND', message: expect.stringMatching(/small, large, got one of stranger/) as string }),
    );
    expect(() => packBatch([], options)).toThrow(/at least one instance/);
    expect(tf.memory().numTensors).toBe(before);
  });
});
