import { describeOnRuntimes } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { largestOverWidth, maxOverWidth } from './max-over-width.js';

describeOnRuntimes('maxOverWidth', () => {
  const check = (x: tf.Tensor4D) => {
    const [rows, , width, channels] = x.shape;
    const { max, position, runnerUp } = maxOverWidth(x);
    const [values, maxima, positions, runnersUp] = [x, max, position, runnerUp].map((tensor) => tensor.dataSync());
    expect(largestOverWidth(x).dataSync()).toEqual(maxima);
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < channels; c++) {
        const row = Array.from({ length: width }, (_, w) => values![(r * width + w) * channels + c]!);
        const best = row.indexOf(Math.max(...row));
        const at = r * channels + c;
        expect([maxima![at], positions![at]]).toEqual([row[best], best]);
        const second = runnersUp![at]!;
        if (width > 1 && second !== best) expect(row[second]).toBe(Math.max(...row.filter((_, w) => w !== best)));
      }
    }
  };

  it.each([1, 2, 3, 7, 15, 16, 17, 40, 63, 64, 65, 257, 1000, 2500])('finds the first maximum and the next best at width %i', (width) => {
    tf.tidy(() => check(tf.randomNormal([2, 1, width, 5], 0, 1, 'float32', width)));
  });

  it('finds the first of equal ones', () => {
    tf.tidy(() => {
      check(tf.ones([2, 1, 200, 3]));
      check(tf.cast(tf.randomUniform([2, 1, 300, 8], 0, 3, 'int32', 4), 'float32'));
    });
  });

  it('finds the runner-up wherever it is', () => {
    tf.tidy(() => {
      const [width, best] = [300, 137];
      for (const second of [0, 1, 120, 136, 138, 150, 298, 299]) {
        const row = Array.from({ length: width }, (_, w) => (w === best ? 2 : w === second ? 1 : 0));
        const { position, runnerUp } = maxOverWidth(tf.tensor4d(row, [1, 1, width, 1]));
        expect([position.dataSync()[0], runnerUp.dataSync()[0]]).toEqual([best, second]);
      }
    });
  });
});
