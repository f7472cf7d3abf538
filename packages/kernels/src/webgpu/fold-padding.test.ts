import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { foldPadding, paddedShape } from './fold-padding.js';

const cases = fc.array(fc.record({ size: fc.integer({ min: 1, max: 3 }), before: fc.nat(2), after: fc.nat(2) }), {
  minLength: 1,
  maxLength: 6,
});

describe('foldPadding', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('is the same padding in at most four dimensions at a time', () =>
    fc.assert(
      fc.property(cases, (dimensions) => {
        const shape = dimensions.map(({ size }) => size);
        const paddings = dimensions.map(({ before, after }): [number, number] => [before, after]);
        const x = tf.reshape(tf.range(1, 1 + tf.util.sizeFromShape(shape)), shape);
        const steps = foldPadding(shape, paddings);
        let folded: tf.Tensor = x;
        for (const step of steps) {
          expect(step.shape.length).toBeLessThanOrEqual(4);
          folded = tf.pad(tf.reshape(folded, step.shape), step.paddings);
        }
        const expected = tf.pad(x, paddings);
        expect(paddedShape(shape, paddings)).toEqual(expected.shape);
        expect([...folded.dataSync()]).toEqual([...expected.dataSync()]);
      }),
      { numRuns: 60 },
    ));
});
