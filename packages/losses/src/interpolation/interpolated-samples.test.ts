import { describeOnRuntimes, expectClose, expectNoLeak } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { interpolatedSamples, interpolateSamples } from './interpolated-samples.js';

describe('interpolatedSamples', () => {
  it('has one sample per pair and factor, aiming at the architecture between', () => {
    expect(interpolatedSamples([3, 0], 4)).toEqual([
      { smallest: 1, largest: 0, gamma: 1 / 3, target: 1 },
      { smallest: 1, largest: 0, gamma: 2 / 3, target: 2 },
    ]);
  });
});

describeOnRuntimes('interpolateSamples', () => {
  it('lies on the segment between the two embeddings, nearer to the largest for larger γ', () => {
    const embeddings = tf.tensor2d([
      [0, 4],
      [7, 7],
      [8, 0],
    ]);
    const at = (gamma: number) => interpolateSamples(embeddings, [{ smallest: 0, largest: 2, gamma }]);
    expectClose(at(0.25).dataSync(), [2, 3], 1e-6);
    expect([...at(0).dataSync()]).toEqual([0, 4]);
    expect([...at(1).dataSync()]).toEqual([8, 0]);
  });
  it('sends 1 − γ and γ of the gradient back to the two', () => {
    const gradient = tf.grad((e) => tf.sum(interpolateSamples(e as tf.Tensor2D, [{ smallest: 2, largest: 0, gamma: 0.25 }])))(
      tf.zeros([3, 1]),
    );
    expectClose(gradient.dataSync(), [0.25, 0, 0.75], 1e-6);
  });
  it('gives no row for no sample, and leaks no tensor', () => {
    const embeddings = tf.zeros<tf.Rank.R2>([2, 3]);
    expect(interpolateSamples(embeddings, []).shape).toEqual([0, 3]);
    expectNoLeak(() => interpolateSamples(embeddings, [{ smallest: 0, largest: 1, gamma: 0.5 }]));
  });
  it('refuses indices outside the batch', () => {
    expect(() => interpolateSamples(tf.zeros([2, 3]), [{ smallest: 0, largest: 2, gamma: 0.5 }])).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    );
  });
});
