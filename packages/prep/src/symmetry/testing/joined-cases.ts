import * as tf from '@tensorflow/tfjs-core';

import { type Cases, mm } from './permutation-case.js';

/** Channels that are joined, cut and stacked. */
export const joinedCases: Cases = {
  'stacked, taken apart and repeated': {
    shapes: { a: [3, 4], b: [3, 4], c: [4, 5], d: [10, 2] },
    input: [2, 3],
    apply: ({ a, b, c, d }, x) => {
      const [one, two] = tf.unstack(tf.stack([tf.relu(mm(x, a!)), tf.relu(mm(x, b!))], 1), 1);
      return mm(tf.tile(tf.relu(mm(tf.add(one!, two!), c!)), [1, 2]), d!);
    },
    channels: { a: '-,a', b: '-,a', c: 'a,c', d: 'd·c,-' },
  },
  'chosen rows, and rows of each batch': {
    shapes: { a: [3, 4], b: [4, 5], c: [5, 2] },
    input: [2, 3],
    apply: ({ a, b, c }, x) => {
      const y = tf.gather(tf.relu(mm(x, a!)), tf.tensor1d([2, 0, 1, 3], 'int32'), 1);
      const z = tf.gather(tf.relu(mm(y, b!)), tf.tensor2d([[4, 3, 2, 1, 0], [0, 1, 2, 3, 4]], [2, 5], 'int32'), 1, 1);
      return mm(z, c!);
    },
    channels: { a: '-,-', b: '-,-', c: '-,-' },
  },
  'joined at other places': {
    shapes: { a: [3, 2], b: [3, 4], c: [3, 3], d: [3, 3], e: [6, 2] },
    input: [2, 3],
    apply: ({ a, b, c, d, e }, x) => mm(tf.relu(tf.add(tf.concat([mm(x, a!), mm(x, b!)], 1), tf.concat([mm(x, c!), mm(x, d!)], 1))), e!),
    channels: { a: '-,a', b: '-,1+b', c: '-,a+1', d: '-,b', e: 'a+1+b,-' },
  },
  'heads of other sizes that are added': {
    shapes: { a: [3, 12], b: [3, 12], c: [12, 2] },
    input: [2, 3],
    apply: ({ a, b, c }, x) => {
      const [p, q] = [tf.relu(tf.reshape(mm(x, a!), [2, 4, 3])), tf.relu(tf.reshape(mm(x, b!), [2, 2, 6]))];
      return mm(tf.add(tf.reshape(tf.softmax(p), [2, 12]), tf.reshape(tf.softmax(q), [2, 12])), c!);
    },
    channels: { a: '-,a·a.2·a.3', b: '-,a·a.2·a.3', c: 'a·a.2·a.3,-' },
  },
  'a cut through the middle of heads': {
    shapes: { a: [3, 12], c: [8, 2], d: [4, 2] },
    input: [2, 3],
    apply: ({ a, c, d }, x) => {
      const y = tf.reshape(tf.softmax(tf.reshape(mm(x, a!), [2, 4, 3])), [2, 12]);
      return tf.add(mm(tf.slice(y, [0, 0], [2, 8]), c!), mm(tf.slice(y, [0, 8], [2, 4]), d!));
    },
    channels: { a: '-,-', c: '-,-', d: '-,-' },
  },
  'a cut between heads': {
    shapes: { a: [3, 12], c: [6, 2], d: [6, 2] },
    input: [2, 3],
    apply: ({ a, c, d }, x) => {
      const y = tf.reshape(tf.softmax(tf.reshape(mm(x, a!), [2, 4, 3])), [2, 12]);
      return tf.add(mm(tf.slice(y, [0, 0], [2, 6]), c!), mm(tf.slice(y, [0, 6], [2, 6]), d!));
    },
    channels: { a: '-,a·a.2+a.3·a.2', c: 'a·a.2,-', d: 'a.3·a.2,-' },
  },
  'channels joined, then in groups': {
    shapes: { a: [3, 4], b: [3, 8], g: [3, 4], c: [12, 2] },
    input: [2, 3],
    apply: ({ a, b, g, c }, x) => {
      const y = tf.reshape(tf.relu(tf.concat([mm(x, a!), mm(x, b!)], 1)), [2, 3, 4]);
      return mm(tf.reshape(tf.mul(y, g!), [2, 12]), c!);
    },
    channels: { a: '-,a', b: '-,b·a', g: '1+b,a', c: 'a+b·a,-' },
  },
  'channels joined, then in groups that do not fit': {
    shapes: { a: [3, 5], b: [3, 7], c: [4, 2] },
    input: [2, 3],
    apply: ({ a, b, c }, x) => mm(tf.sum(tf.reshape(tf.relu(tf.concat([mm(x, a!), mm(x, b!)], 1)), [2, 3, 4]), 1), c!),
    channels: { a: '-,-', b: '-,-', c: '-,-' },
  },
  'odd, even and neither': {
    shapes: { a: [3, 4], b: [4, 4], c: [4, 4], d: [4, 4], e: [4, 2] },
    input: [2, 3],
    apply: ({ a, b, c, d, e }, x) => {
      const y = tf.erf(mm(x, a!));
      const z = tf.squaredDifference(mm(y, b!), tf.maximum(mm(y, c!), 0.1));
      return mm(tf.where(tf.greater(z, 1), z, tf.cos(mm(y, d!))), e!);
    },
    channels: { a: '-,a', b: 'a,b', c: 'a,b', d: 'a,b', e: 'b,-' },
    signs: 'a b c d',
  },
}; // prettier-ignore
