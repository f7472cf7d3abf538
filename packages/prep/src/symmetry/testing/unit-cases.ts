import * as tf from '@tensorflow/tfjs-core';

import { type Cases, mm, type T } from './permutation-case.js';

/** Units, their signs and their periods. */
export const unitCases: Cases = {
  'residual stream': {
    shapes: { a: [3, 5], b: [5, 4], c: [4, 5], d: [5, 2] },
    input: [2, 3],
    apply: ({ a, b, c, d }, x) => { const s = mm(x, a!); return mm(tf.add(s, mm(tf.relu(mm(s, b!)), c!)), d!); },
    channels: { a: '-,a', b: 'a,b', c: 'b,a', d: 'a,-' },
    signs: 'a b c d', // of the stream, that no bias is added to
  },
  'tanh units': {
    shapes: { a: [3, 5], b: [5], c: [5, 4], d: [4, 2] },
    input: [2, 3],
    apply: ({ a, b, c, d }, x) => mm(tf.abs(mm(tf.tanh(tf.add(mm(x, a!), b!)), c!)), d!),
    channels: { a: '-,a', b: 'a', c: 'a,c', d: 'c,-' },
    signs: 'a b c',
  },
  'sine units of two frequencies': {
    shapes: { a: [3, 5], b: [5], c: [5, 4], d: [4], e: [4, 2] },
    input: [2, 3],
    apply: ({ a, b, c, d, e }, x) => mm(tf.sin(tf.mul(tf.sub(mm(tf.sin(tf.mul(30, tf.add(mm(x, a!), b!))), c!), d!), 4)), e!),
    channels: { a: '-,a', b: 'a', c: 'a,c', d: 'c', e: 'c,-' },
    signs: 'a b c d e',
    periods: 'b d',
  },
  'a bias that enters twice': {
    shapes: { a: [3, 5], b: [5], c: [5, 2] },
    input: [2, 3],
    apply: ({ a, b, c }, x) => mm(tf.add(tf.sin(tf.mul(30, tf.add(mm(x, a!), b!))), b!), c!),
    channels: { a: '-,a', b: 'a', c: 'a,-' },
    signs: 'a b c',
  },
  'numbers made whole': {
    shapes: { a: [3, 5], b: [5], c: [5, 2], d: [5, 2] },
    input: [2, 3],
    apply: ({ a, b, c, d }, x) => {
      const s = tf.add(mm(x, a!), b!);
      const whole = (dtype: 'bool' | 'int32', y: T) => tf.cast(tf.cast(y, dtype), 'float32');
      return tf.add(mm(whole('bool', tf.tanh(s)), c!), mm(tf.sin(whole('int32', tf.mul(9, s))), d!));
    },
    channels: { a: '-,a', b: 'a', c: 'a,-', d: 'a,-' },
    signs: '',
  },
}; // prettier-ignore
