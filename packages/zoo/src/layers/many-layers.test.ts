import { tensorShape, type Architecture } from '@netspace/prep';
import { describeOnRuntimes, expectClose, expectNoLeak } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { architectureByName } from '../architectures/by-name.js';
import { convolve } from './conv.js';
import { initialize } from '../initialize.js';
import { manyLayers } from './many-layers.js';
import { patches } from './patches.js';
import { siren } from '../architectures/siren.js';

const instances = ({ parameters }: Architecture, count: number) =>
  Array.from({ length: count }, (_, seed) => initialize(parameters, { seed }));
const together = (sets: readonly tf.Tensor[][]) => sets[0]!.map((_, i) => tf.stack(sets.map((set) => set[i]!)));
const apart = (architecture: Architecture, stacked: readonly tf.Tensor[], x: readonly tf.Tensor[]) =>
  tf.stack(
    x.map((batch, k) =>
      architecture.apply(
        stacked.map((tensor) => tf.unstack(tensor)[k]!),
        batch,
      ),
    ),
  );

describeOnRuntimes('applyMany', () => {
  it.each([
    'lenet-like-2x13x13-3-w0.3',
    'lenet-like-1x48x48-2-w0.1',
    'vanilla-cnn-1x9x9-2-w0.2',
    'vanilla-cnn-3x12x12-2-w0.2',
    'resnet8-1x10x10-2-w0.2',
    'siren-3-6x2-2-omega3',
  ])('%s gives what as many calls of apply give, and its gradients', (name) => {
    const architecture = architectureByName(name);
    const stacked = together(instances(architecture, 3));
    const [, channels, size] = /(\d+)x(\d+)x/.exec(name) ?? [];
    const x = tf.randomNormal(name.startsWith('siren') ? [5, 3] : [2, Number(size), Number(size), Number(channels)], 0, 1, 'float32', 1);
    const many = (...tensors: tf.Tensor[]) => architecture.applyMany!(tensors, x);
    const each = (...tensors: tf.Tensor[]) => apart(architecture, tensors, [x, x, x]);
    const [got, expected] = [many(...stacked), each(...stacked)];
    expect(got.shape).toEqual(expected.shape);
    expectClose(got.dataSync(), expected.dataSync(), 1e-5);
    const weights = tf.randomNormal(got.shape, 0, 1, 'float32', 2);
    const gradients = [many, each].map((f) => tf.grads((...tensors) => tf.sum(tf.mul(f(...tensors), weights)))(stacked));
    gradients[0]!.forEach((gradient, i) => expectClose(gradient.dataSync(), gradients[1]![i]!.dataSync(), 1e-4));
    expectNoLeak(() => architecture.applyMany!(stacked, x));
  });
  it("takes each SIREN's own points", () => {
    const architecture = siren({ hidden: 5 });
    const stacked = together(instances(architecture, 2));
    const points = tf.randomUniform([2, 4, 3], -1, 1, 'float32', 1);
    const gradients = [
      tf.grad((x) => tf.sum(tf.square(architecture.applyMany!(stacked, x))))(points),
      tf.grad((x) => tf.sum(tf.square(apart(architecture, stacked, tf.unstack(x)))))(points),
    ];
    expectClose(architecture.applyMany!(stacked, points).dataSync(), apart(architecture, stacked, tf.unstack(points)).dataSync(), 1e-5);
    expectClose(gradients[0]!.dataSync(), gradients[1]!.dataSync(), 1e-4);
  });
  it('convolves large images network by network, to the same result', () => {
    const weight = tf.randomNormal([2, 3, 3, 2, 2], 0, 1, 'float32', 1);
    const bias = tf.randomNormal([2, 2], 0, 1, 'float32', 2);
    const image = tf.randomNormal<tf.Rank.R4>([2, 600, 200, 2], 0, 1, 'float32', 3); // 4.3 million numbers in patches
    const layers = manyLayers(<R extends tf.Rank>(name: string) => (name.endsWith('weight') ? weight : bias) as tf.Tensor<R>, 2);
    const [got, expected] = [layers.conv('conv', image, { padding: 1, activation: 'leaky' }), tf.split(image, 2) as tf.Tensor4D[]] as const;
    const each = expected.map((part, k) =>
      convolve(part, tf.unstack(weight)[k] as tf.Tensor4D, tf.unstack(bias)[k] as tf.Tensor1D, { padding: 1, activation: 'leaky' }),
    );
    expectClose(got.dataSync(), tf.concat(each).dataSync(), 1e-5);
  });
});

describeOnRuntimes('patches', () => {
  it('make a convolution a product for any size, kernel, stride and padding', () => {
    const cases = fc.record({
      height: fc.integer({ min: 5, max: 9 }),
      width: fc.integer({ min: 5, max: 9 }),
      kernel: fc.constantFrom(1, 2, 3, 5),
      stride: fc.integer({ min: 1, max: 3 }),
      padding: fc.integer({ min: 0, max: 2 }),
      channels: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(cases, ({ height, width, channels, ...options }) => {
        fc.pre(options.padding < options.kernel);
        tf.tidy(() => {
          const x = tf.randomNormal<tf.Rank.R4>([2, height, width, channels], 0, 1, 'float32', 1);
          const weight = tf.randomNormal<tf.Rank.R4>([options.kernel, options.kernel, channels, 2], 0, 1, 'float32', 2);
          const expected = convolve(x, weight, undefined, options);
          const seen = patches(x, options);
          const got = tf.matMul(tf.reshape(seen, [-1, seen.shape[3]]), tf.reshape(weight, [-1, 2]));
          expectClose(got.dataSync(), expected.dataSync(), 1e-5);
        });
      }),
      { numRuns: 30 },
    );
  });
});

describe('applyMany', () => {
  it('refuses tensors of other shapes', () => {
    const architecture = siren({ hidden: 2 });
    const stacked = architecture.parameters.map((spec) => tf.zeros([2, ...tensorShape(spec)]));
    expect(() => architecture.applyMany!(stacked.slice(1), tf.zeros([1, 3]))).toThrow(/expected 6 parameters, got 5/);
    expect(() => architecture.applyMany!([...stacked.slice(0, -1), tf.zeros([3, 1])], tf.zeros([1, 3]))).toThrow(/mlp.4.bias as \[2,1\]/);
    expect(() => architecture.applyMany!(stacked, tf.zeros([3, 1, 3]))).toThrow(/x as \[2, batch, 3\], got \[3,1,3\]/);
    const lenet = architectureByName('lenet-like-1x13x13-2');
    const parameters = lenet.parameters.map((spec) => tf.zeros([2, ...tensorShape(spec)]));
    expect(() => lenet.applyMany!(parameters, tf.zeros([2, 1, 13, 13, 1]))).toThrow(/x as \[batch, 13, 13, 1\]/);
  });
});
