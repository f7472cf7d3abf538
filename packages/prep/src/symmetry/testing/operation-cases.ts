import * as tf from '@tensorflow/tfjs-core';

import { type Cases, conv, mm, type T } from './permutation-case.js';

/** Operations, known and unknown. */
export const operationCases: Cases = {
  'a gate, a mean over units and a largest unit': {
    shapes: { a: [3, 5], b: [3, 5], c: [5, 2] },
    input: [2, 3],
    apply: ({ a, b, c }, x) => {
      const [y, z] = [mm(x, a!), mm(x, b!)];
      return mm(tf.add(tf.add(tf.mul(tf.sigmoid(z), y), tf.mean(y, 1, true)), tf.max(z, 1, true)), c!);
    },
    channels: { a: '-,a', b: '-,a', c: 'a,-' },
  },
  'a constant that is the same for all units, and one that is not': {
    shapes: { a: [3, 5], b: [5, 4], c: [4, 2] },
    input: [2, 3],
    apply: ({ a, b, c }, x) => mm(tf.mul(mm(tf.relu(tf.add(mm(x, a!), tf.fill([5], 0.5))), b!), tf.tensor1d([1, 2, 3, 4])), c!),
    channels: { a: '-,a', b: 'a,-', c: '-,-' },
  },
  'a running sum, a reversal and the place of the largest': {
    shapes: { a: [3, 5], b: [5, 4], c: [4, 3], d: [3, 2], e: [2, 2] },
    input: [2, 3],
    apply: ({ a, b, c, d, e }, x) => {
      const y = tf.reverse(tf.relu(mm(tf.cumsum(mm(x, a!), 1), b!)), 1);
      const z = mm(y, c!);
      return tf.add(mm(mm(z, d!), e!), tf.expandDims(tf.argMax(z, 1), 1));
    },
    channels: { a: '-,-', b: '-,-', c: '-,-', d: '-,d', e: 'd,-' },
  },
  'an operation that nobody knows': {
    shapes: { a: [1, 1, 2, 3], b: [1, 1, 3, 4], c: [1, 1, 4, 2] },
    input: [2, 4, 4, 2],
    apply: ({ a, b, c }, x) => conv(tf.relu(conv(tf.localResponseNormalization(conv(x, a!) as tf.Tensor4D, 1), b!)), c!),
    channels: { a: '-,-,-,-', b: '-,-,-,b', c: '-,-,b,-' },
  },
  'numbers that decide what is computed': {
    shapes: { a: [3, 5], b: [5, 2] },
    input: [2, 3],
    apply: ({ a, b }, x) => mm(tf.max(a!).dataSync()[0]! > 0 ? mm(x, a!) : tf.reverse(mm(x, a!), 1), b!),
    channels: { a: '-,-', b: '-,-' },
  },
  'a parameter that nobody reads': {
    shapes: { a: [3, 2], b: [5, 4] },
    input: [2, 3],
    apply: ({ a }, x) => mm(x, a!),
    channels: { a: '-,-', b: '-,-' },
  },
  'one layer twice': {
    shapes: { a: [3, 5], b: [5, 5], c: [5, 2] },
    input: [2, 3],
    apply: ({ a, b, c }, x) => mm(tf.tanh(mm(tf.tanh(mm(mm(x, a!), b!)), b!)), c!),
    channels: { a: '-,a', b: 'a,a', c: 'a,-' },
    signs: 'a b c',
  },
  'pixels and their flattened copies': {
    shapes: { a: [2, 2, 1, 3], b: [48, 4], c: [4, 2] },
    input: [2, 8, 8, 1],
    apply: ({ a, b, c }, x) => {
      const y = tf.avgPool(tf.relu(conv(x, a!)) as tf.Tensor4D, 2, 2, 'valid');
      return mm(tf.selu(mm(tf.reshape(tf.image.resizeBilinear(y as tf.Tensor4D, [4, 4]), [2, 48]), b!)), c!);
    },
    channels: { a: '-,-,-,a', b: '16·a,b', c: 'b,-' },
  },
  'a convolution transposed': {
    shapes: { a: [1, 1, 2, 3], b: [2, 2, 4, 3], c: [1, 1, 4, 2] },
    input: [2, 4, 4, 2],
    apply: ({ a, b, c }, x) => conv(tf.relu(tf.conv2dTranspose(tf.relu(conv(x, a!)) as tf.Tensor4D, b as tf.Tensor4D, [2, 8, 8, 4], 2, 'same')), c!),
    channels: { a: '-,-,-,a', b: '-,-,b,a', c: '-,-,b,-' },
  },
  'layers of bias and activation in one': {
    shapes: { a: [2, 2, 2, 3], b: [3], s: [3], c: [27, 4], d: [4], e: [4, 2] },
    input: [2, 4, 4, 2],
    apply: ({ a, b, s, c, d, e }, x) => {
      const y = tf.fused.conv2d({ x: x as tf.Tensor4D, filter: a as tf.Tensor4D, strides: 1, pad: 'valid', bias: b!, activation: 'prelu', preluActivationWeights: s! });
      return mm(tf.fused.matMul({ a: tf.reshape(y, [2, 27]), b: c!, bias: d!, activation: 'sigmoid' }), e!);
    },
    channels: { a: '-,-,-,a', b: 'a', s: 'a', c: '9·a,c', d: 'c', e: 'c,-' },
  },
  volumes: {
    shapes: { a: [1, 2, 2, 1, 3], b: [1, 1, 1, 3, 4], c: [4, 2] },
    input: [2, 4, 4, 4, 1],
    apply: ({ a, b, c }, x) => {
      const conv3 = (y: T, w: T): T => tf.conv3d(y as tf.Tensor5D, w as tf.Tensor5D, 1, 'same');
      const y = tf.maxPool3d(tf.relu(conv3(x, a!)) as tf.Tensor5D, 2, 2, 'valid');
      return mm(tf.mean(tf.avgPool3d(tf.relu(conv3(y, b!)) as tf.Tensor5D, 2, 1, 'same'), [1, 2, 3]), c!);
    },
    channels: { a: '-,-,-,-,a', b: '-,-,-,a,b', c: 'b,-' },
  },
}; // prettier-ignore
