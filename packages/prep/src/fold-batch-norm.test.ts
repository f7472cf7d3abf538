import { readFileSync } from 'node:fs';

import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { describeOnRuntimes, expectClose, expectNoLeak, finiteDifference } from '@netspace/testing';

import { foldBatchNorm } from './fold-batch-norm.js';
import { rawToFloat32, readSafetensors } from '@netspace/formats';

const { tensors } = readSafetensors(readFileSync(new URL('../../../golden/data/bnfold.safetensors', import.meta.url)));
const golden = (name: string): tf.Tensor => {
  const raw = tensors.get(name)!;
  return tf.tensor(rawToFloat32(raw), [...raw.shape]);
};

describeOnRuntimes('foldBatchNorm', () => {
  it("folds as the authors' code does", () => {
    const norm = (part: string) => golden(`unfused/layer2.0.bn1.${part}`);
    const { weight, bias } = foldBatchNorm({
      weight: tf.transpose(golden('unfused/layer2.0.conv1.weight'), [2, 3, 1, 0]), // OIHW → HWIO
      gamma: norm('weight'),
      beta: norm('bias'),
      mean: norm('running_mean'),
      variance: norm('running_var'),
    });
    expectClose(tf.transpose(weight, [3, 2, 0, 1]).dataSync(), golden('fused/layers.1.0.conv1.weight').dataSync());
    expectClose(bias.dataSync(), golden('fused/layers.1.0.conv1.bias').dataSync());
  });

  const layer = () => ({
    weight: tf.tensor2d([1, -2, 3, 4], [2, 2]),
    bias: tf.tensor1d([0.5, -1]),
    gamma: tf.tensor1d([2, 0.5]),
    beta: tf.tensor1d([1, -1]),
    mean: tf.tensor1d([0.25, 3]),
    variance: tf.tensor1d([4, 0.25]),
  });
  it('gives a linear layer that does what layer and norm do', () => {
    const { bias, weight, gamma, beta, mean, variance } = layer();
    const x = tf.tensor2d([0.3, -0.7, 2, 1], [2, 2]);
    const output = tf.add(tf.matMul(x, weight), bias);
    const expected = tf.add(tf.mul(tf.div(tf.sub(output, mean), tf.sqrt(tf.add(variance, 0.1))), gamma), beta);
    const folded = foldBatchNorm(layer(), { epsilon: 0.1 });
    expectClose(tf.add(tf.matMul(x, folded.weight), folded.bias).dataSync(), expected.dataSync(), 1e-6);
  });
  it('has the gradients of its formula', () => {
    for (const name of ['weight', 'bias', 'gamma', 'beta', 'mean', 'variance'] as const) {
      const f = (x: tf.Tensor): tf.Scalar => {
        const { weight, bias } = foldBatchNorm({ ...layer(), [name]: x });
        return tf.add(tf.sum(tf.square(weight)), tf.sum(tf.square(bias)));
      };
      expectClose(tf.grad(f)(layer()[name]).dataSync(), finiteDifference(f, layer()[name]), 5e-3);
    }
  });
  it('leaks no tensor', () => {
    const given = layer();
    expectNoLeak(() => foldBatchNorm(given));
  });
});

describeOnRuntimes(
  'foldBatchNorm',
  () => {
    it('refuses a vector of another length than the output channels, naming it', () => {
      const ones = tf.ones([3]);
      const layer = { weight: tf.ones([3, 3, 2, 4]), gamma: tf.ones([4]), beta: ones, mean: ones, variance: ones };
      expect(() => foldBatchNorm(layer)).toThrow(
        expect.objectContaining({ code: 'SHAPE_MISMATCH', message: expect.stringMatching(/beta as \[4\].*got \[3\]/) }),
      );
    });
  },
  { runtimes: ['cpu'] },
);
