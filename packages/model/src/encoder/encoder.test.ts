import { tensorShape } from '@netspace/prep';
import { describeOnRuntimes, expectClose, expectNoLeak } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { encode } from './encoder.js';
import type { NamedTensors } from '../weights/named-tensors.js';
import { encoderSpecs } from '../weights/specs.js';

const config = { embeddingSize: 32, encoderWidth: 3 };
const specs = encoderSpecs(config);
const makeWeights = (): NamedTensors =>
  Object.fromEntries(specs.map((spec, i) => [spec.name, tf.randomNormal(tensorShape(spec), 0, 0.5, 'float32', 7 + i)]));
/** PReps whose rows from `used` on are padding. */
const makePReps = (used: readonly number[], height: number, width: number): tf.Tensor3D =>
  tf.stack(used.map((rows, i) => tf.pad(tf.randomNormal([rows, width], 0, 1, 'float32', 20 + i), [[0, height - rows], [0, 0]]))) as tf.Tensor3D; // prettier-ignore

describeOnRuntimes('encode', () => {
  const gradientsOf = (weights: NamedTensors, preps: tf.Tensor3D, usedRows?: readonly number[]) => {
    const loss = (...tensors: tf.Tensor[]) => {
      const named = Object.fromEntries(specs.map(({ name }, i) => [name, tensors[i]!]));
      const embedding = encode(named, tensors.at(-1) as tf.Tensor3D, config, { usedRows });
      return tf.sum(tf.mul(embedding, tf.randomNormal(embedding.shape, 0, 1, 'float32', 99)));
    };
    return tf.grads(loss)([...specs.map(({ name }) => weights[name]!), preps]);
  };

  it('gives a network the same embedding in any batch', () => {
    tf.tidy(() => {
      const [weights, preps] = [makeWeights(), makePReps([6, 6, 6], 6, 37)];
      const all = encode(weights, preps, config).arraySync();
      all.forEach((embedding, i) => {
        expectClose(encode(weights, tf.slice(preps, [i, 0, 0], [1, 6, 37]), config).dataSync(), embedding, 1e-6);
      });
    });
  });

  it.each([
    { height: 16, used: [3, 3] },
    { height: 12, used: [2, 7, 12] },
    { height: 8, used: [7, 8] },
    { height: 7, used: [0, 1] },
    { height: 5, used: [0] },
    { height: 30, used: [1, 11, 2] },
    { height: 4, used: [1, 2] },
  ])('leaves out padding without a difference: rows $used of $height', ({ height, used }) => {
    tf.tidy(() => {
      const [weights, preps] = [makeWeights(), makePReps(used, height, 50)];
      expectClose(encode(weights, preps, config, { usedRows: used }).dataSync(), encode(weights, preps, config).dataSync(), 1e-6);
      const expected = gradientsOf(weights, preps);
      const got = gradientsOf(weights, preps, used);
      specs.forEach((_, i) => expectClose(got[i]!.dataSync(), expected[i]!.dataSync(), 1e-5));
      used.forEach((rows, i) => {
        if (rows === 0) return;
        const part = (x: tf.Tensor) => tf.slice(x, [i, 0, 0], [1, rows, -1]).dataSync(); // the padding's gradient is left out
        expectClose(part(got.at(-1)!), part(expected.at(-1)!), 1e-5);
      });
    });
  });

  it('takes one count of rows for all', () => {
    tf.tidy(() => {
      const [weights, preps] = [makeWeights(), makePReps([2, 2], 20, 9)];
      const expected = encode(weights, preps, config, { usedRows: [2, 2] }).dataSync();
      expect(encode(weights, preps, config, { usedRows: 2 }).dataSync()).toEqual(expected);
    });
  });

  it('leaks no tensor', () => {
    const [weights, preps] = [makeWeights(), makePReps([2, 4], 20, 30)];
    expectNoLeak(() => encode(weights, preps, config, { usedRows: [2, 4] }));
    expectNoLeak(() => gradientsOf(weights, preps, [2, 4]));
  });

  it('refuses what it cannot encode', () => {
    tf.tidy(() => {
      const [weights, preps] = [makeWeights(), makePReps([2, 4], 6, 30)];
      expect(() => encode(weights, preps, config, { usedRows: 7 })).toThrow(/usedRows from 0 to 6, got 7/);
      expect(() => encode(weights, preps, config, { usedRows: [1.5, 1] })).toThrow(/usedRows from 0 to 6, got 1.5/);
      expect(() => encode(weights, preps, config, { usedRows: [1] })).toThrow(/each of 2 PReps, got 1/);
      const matrix = tf.squeeze<tf.Tensor3D>(tf.zeros([1, 6, 30]));
      expect(() => encode(weights, matrix, config)).toThrow(/\[B, H, W\], got \[6,30\]/);
      const { 'conv1.0.bias': _, ...some } = weights;
      expect(() => encode(some, preps, config)).toThrow(/weight conv1.0.bias of shape \[3\], got none/);
      expect(() => encode({ ...weights, 'conv1.0.bias': tf.zeros([4]) }, preps, config)).toThrow(/conv1.0.bias as \[3\], got \[4\]/);
    });
  });
});
