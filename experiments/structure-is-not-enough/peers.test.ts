import { selectRuntime } from '@netspace/node';
import { parameterCount } from '@netspace/prep';
import { expectClose } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { balanced } from './balanced.js';
import { cnn3 } from './cnn3.js';
import { INITS, initialValues } from './initial-values.js';
import { pooledConvolution } from './pooled.js';
import { ridge } from './ridge.js';
import { decayed } from './train-networks.js';

beforeAll(async () => {
  await selectRuntime({ prefer: 'wasm' });
});

describe('cnn3', () => {
  it('has the 10,853 parameters of the paper', () => {
    expect(parameterCount(cnn3().parameters)).toBe(10_853);
  });
});

describe('pooledConvolution', () => {
  it.each([8, 9])('is the maximum of a convolution of %i pixels, and has its gradient', (size) => {
    const [x, weight] = [tf.randomNormal([2, size, size, 3], 0, 1, 'float32', 1), tf.randomNormal([3, 3, 3, 4], 0, 1, 'float32', 2)] as [tf.Tensor4D, tf.Tensor4D]; // prettier-ignore
    const ours = (filter: tf.Tensor) => pooledConvolution((part) => tf.conv2d(part, filter as tf.Tensor4D, 2, 'valid'), x);
    const plain = (filter: tf.Tensor) => tf.maxPool(tf.conv2d(x, filter as tf.Tensor4D, 1, 'valid'), 2, 2, 'valid');
    expectClose(ours(weight).dataSync(), plain(weight).dataSync(), 1e-5);
    const slope = (run: (filter: tf.Tensor) => tf.Tensor) =>
      tf
        .grad((filter) => tf.sum(tf.square(run(filter))))(weight)
        .dataSync();
    expectClose(slope(ours), slope(plain), 1e-3);
  });
});

describe('initialValues', () => {
  it.each(INITS)('%s: weights have its mean and deviation, biases are 0.01', (init) => {
    const [, , weight, bias] = initialValues(cnn3(), init, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]; // fan-in 144, fan-out 288
    const { mean, variance } = tf.moments(weight);
    const [middle, deviation] =
      init === 'uniform'
        ? [0.5, Math.sqrt(1 / 12)]
        : [0, init === 'normal' ? 1 : Math.sqrt(2 / (init.startsWith('xavier') ? 144 + 288 : 144))];
    expectClose([mean.dataSync()[0]! - middle, Math.sqrt(variance.dataSync()[0]!) / deviation], [0, 1], 0.05);
    expectClose(bias.dataSync(), Array<number>(32).fill(0.01), 1e-7);
  });
});

describe('balanced', () => {
  it('says the same with units of norm √2', () => {
    const architecture = cnn3({ channels: 1, size: 28 });
    const instance = { architecture, parameters: initialValues(architecture, 'normal', 1) };
    const x = tf.randomNormal([4, 28, 28, 1], 0, 1, 'float32', 3);
    const after = balanced(instance);
    const said = architecture.apply(instance.parameters, x);
    const largest = tf.max(tf.abs(said));
    expectClose(tf.div(architecture.apply(after.parameters, x), largest).dataSync(), tf.div(said, largest).dataSync(), 1e-5);
    const [weight, bias] = [after.parameters[4]!, after.parameters[5]!]; // the third convolution, [3, 3, 32, 15]
    expectClose(tf.add(tf.sum(tf.square(weight), [0, 1, 2]), tf.square(bias)).dataSync(), Array<number>(15).fill(2), 1e-5);
  });
});

describe('decayed', () => {
  it('adds each row’s own share of its weights to its gradient, also after others have left', () => {
    const seen: number[][][] = [];
    const inner = { apply: (_: unknown, gradient: tf.Tensor) => void seen.push(gradient.arraySync() as number[][]), keep() {}, slots: () => [], restore() {}, dispose() {} }; // prettier-ignore
    const optimizer = decayed(inner, [0.5, 0.25]);
    optimizer.apply(tf.variable(tf.tensor2d([[2], [4]])), tf.tensor2d([[1], [1]]));
    optimizer.keep([1]);
    optimizer.apply(tf.variable(tf.tensor2d([[8]])), tf.tensor2d([[0]]));
    expect(seen).toEqual([[[2], [2]], [[2]]]);
  });
});

describe('ridge', () => {
  it('finds what is linear, and nothing in noise', () => {
    const rows = Array.from({ length: 60 }, (_, i) => [Math.sin(7 * i), Math.cos(11 * i), Math.sin(13 * i * i)]);
    const y = rows.map(([a, b]) => 3 * a! - b! + 5);
    const groups = rows.map((_, i) => `${i % 20}`);
    const half = { x: rows.slice(0, 40), y: y.slice(0, 40), groups: groups.slice(0, 40) };
    expect(ridge(half, { x: rows.slice(40), y: y.slice(40) }).r2).toBeGreaterThan(0.99);
    const noise = rows.map((_, i) => Math.sin(17 * i * i + 3));
    expect(ridge({ ...half, y: noise.slice(0, 40) }, { x: rows.slice(40), y: noise.slice(40) }).r2).toBeLessThan(0.3);
  });
});
