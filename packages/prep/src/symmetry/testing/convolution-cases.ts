import * as tf from '@tensorflow/tfjs-core';

import { type Cases, conv, mm, type T } from './permutation-case.js';

/** Convolutions and images. */
export const convolutionCases: Cases = {
  'grouped convolution': {
    shapes: { a: [1, 1, 2, 6], b: [3, 3, 3, 4], c: [1, 1, 4, 2] },
    input: [2, 4, 4, 2],
    apply: ({ a, b, c }, x) => {
      // As the tensorflow backend runs it: not every backend can, so that it is written out where numbers are needed.
      const [first, second] = tf.split(conv(x, a!), 2, 3);
      const [one, two] = tf.split(b!, 2, 3);
      return conv(tf.relu(tf.concat([conv(first!, one!), conv(second!, two!)], 3)), c!);
    },
    channels: { a: '-,-,-,a+a', b: '-,-,a,b+b.2', c: '-,-,b+b.2,-' },
  },
  'depthwise with a multiplier': {
    shapes: { a: [1, 1, 2, 3], b: [2, 2, 3, 2], c: [1, 1, 6, 2] },
    input: [2, 4, 4, 2],
    apply: ({ a, b, c }, x) => conv(tf.relu(tf.depthwiseConv2d(tf.relu(conv(x, a!)) as tf.Tensor4D, b as tf.Tensor4D, 1, 'same')), c!),
    channels: { a: '-,-,-,a', b: '-,-,a,b', c: '-,-,a·b,-' },
  },
  'channels shuffled and split': {
    shapes: { a: [1, 1, 2, 6], b: [1, 1, 3, 3], c: [1, 1, 6, 2] },
    input: [2, 4, 4, 2],
    apply: ({ a, b, c }, x) => {
      const [left, right] = tf.split(tf.relu(conv(x, a!)), 2, 3);
      const joined = tf.concat([left!, tf.relu(conv(right!, b!))], 3);
      return conv(tf.reshape(tf.transpose(tf.reshape(joined, [2, 4, 4, 2, 3]), [0, 1, 2, 4, 3]), [2, 4, 4, 6]), c!);
    },
    channels: { a: '-,-,-,a+a.2', b: '-,-,a.2,a', c: '-,-,a·2,-' },
  },
  'channels padded with zeros': {
    shapes: { a: [1, 1, 2, 3], b: [3, 3, 3, 5], c: [1, 1, 5, 2] },
    input: [2, 4, 4, 2],
    apply: ({ a, b, c }, x) => {
      const y = tf.relu(conv(x, a!));
      return conv(tf.relu(tf.add(tf.pad(y, [[0, 0], [0, 0], [0, 0], [1, 1]]), conv(y, b!))), c!);
    },
    channels: { a: '-,-,-,a', b: '-,-,a,1+a+1', c: '-,-,1+a+1,-' },
  },
  'an image padded with zeros, then with halves': {
    shapes: { a: [1, 1, 2, 3], b: [1, 1, 3, 5], c: [3, 3, 5, 2] },
    input: [2, 4, 4, 2],
    apply: ({ a, b, c }, x) => {
      const y = conv(tf.pad(conv(x, a!), [[0, 0], [1, 1], [1, 1], [0, 0]]), b!);
      return conv(tf.pad(y, [[0, 0], [1, 1], [1, 1], [0, 0]], 0.5), c!);
    },
    channels: { a: '-,-,-,a', b: '-,-,a,b', c: '-,-,b,-' },
    signs: 'a b',
  },
  'channels in front': {
    shapes: { a: [2, 3, 1, 1], g: [3, 1, 1], b: [3, 2, 2, 2], c: [8, 2] },
    input: [2, 2, 4, 4],
    apply: ({ a, g, b, c }, x) => {
      const oihw = (w: T): T => tf.transpose(w, [2, 3, 0, 1]);
      const nchw = (y: T, w: T, pad: 'same' | 'valid', stride = 1): T => tf.transpose(conv(tf.transpose(y, [0, 2, 3, 1]), oihw(w), pad, stride), [0, 3, 1, 2]);
      return mm(tf.reshape(nchw(tf.relu(tf.mul(nchw(x, a!, 'same'), g!)), b!, 'valid', 2), [2, 8]), c!);
    },
    channels: { a: '-,a,-,-', g: 'a,-,-', b: 'a,b,-,-', c: 'b·4,-' },
  },
}; // prettier-ignore
