import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { FAULTS } from './faults.js';

beforeAll(() => tf.setBackend('cpu'));

describe('faults of the machine', () => {
  it.each(FAULTS)(
    '$name: nothing is lost',
    async ({ run, tries: [tries] }) => {
      const { tried, lost, left } = await run({ tries, seed: 1 });
      expect(lost).toEqual([]);
      if (left === undefined) expect(tried).toBe(tries);
    },
    300_000,
  );
});
