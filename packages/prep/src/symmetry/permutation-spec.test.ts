import { describeOnRuntimes, expectClose, expectNoLeak } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, it } from 'vitest';

import type { Architecture, ParameterSpec } from '../architecture.js';
import { changedInstance, prepSymmetry } from '../permutation/prep-symmetry.js';
import { permutationSpec } from './permutation-spec.js';

type T = tf.Tensor;
interface Case {
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly input: readonly number[];
  readonly apply: (p: Readonly<Record<string, T>>, x: T) => T;
  /** `channels` of each parameter: names, `name·4` and `a+b` as in {@link short}. */
  readonly channels: Readonly<Record<string, string>>;
  /** Parameters with a sign, and those with a period. */
  readonly signs?: string;
  readonly periods?: string;
}

const mm = (a: T, b: T): T => tf.matMul(a, b);
const conv = (x: T, w: T, pad: 'same' | 'valid' = 'same', stride = 1): T => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad);
/** `[batch, tokens, heads · size]` → `[batch, heads, tokens, size]` */
const heads = (x: T, count: number): T => tf.transpose(tf.reshape(x, [x.shape[0]!, x.shape[1]!, count, -1]), [0, 2, 1, 3]);
const attended = (q: T, k: T, v: T): T => mm(tf.softmax(tf.div(tf.matMul(q, k, false, true), 2)), v);
const projected = (x: T, w: T): T => tf.reshape(mm(tf.reshape(x, [-1, x.shape.at(-1)!]), w), [...x.shape.slice(0, -1), w.shape[1]!]);

/** Networks as people write them, and which of their channels are free. */
const CASES: Readonly<Record<string, Case>> = {
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
  'attention, projections apart': {
    shapes: { q: [6, 8], k: [6, 8], v: [6, 12], o: [12, 6], bias: [8] },
    input: [2, 5, 6],
    apply: ({ q, k, v, o, bias }, x) => {
      const [a, b, c] = [tf.add(projected(x, q!), bias!), projected(x, k!), projected(x, v!)].map((t) => heads(t, 4));
      return projected(tf.reshape(tf.transpose(attended(a!, b!, c!), [0, 2, 1, 3]), [2, 5, 12]), o!);
    },
    channels: { q: '-,q·q.2', k: '-,q·q.2', v: '-,q·v', o: 'q·v,-', bias: 'q·q.2' },
  },
  'attention, one projection': {
    shapes: { w: [6, 24], o: [8, 6] },
    input: [2, 5, 6],
    apply: ({ w, o }, x) => {
      const [a, b, c] = tf.split(projected(x, w!), 3, 2).map((t) => heads(t, 2));
      return projected(tf.reshape(tf.transpose(attended(a!, b!, c!), [0, 2, 1, 3]), [2, 5, 8]), o!);
    },
    channels: { w: '-,w·w.2+w·w.2+w·w.3', o: 'w·w.3,-' },
  },
  'a transformer block': {
    shapes: { e: [7, 8], g: [8], b: [8], w: [8, 24], o: [8, 8], f: [8, 9], h: [9, 8], u: [8, 3] },
    input: [2, 5],
    apply: ({ e, g, b, w, o, f, h, u }, x) => {
      const norm = (t: T): T => {
        const { mean, variance } = tf.moments(t, -1, true);
        return tf.add(tf.mul(tf.div(tf.sub(t, mean), tf.sqrt(tf.add(variance, 1e-5))), g!), b!);
      };
      let s: T = tf.gather(e!, tf.cast(tf.round(tf.clipByValue(x, 0, 6)), 'int32'));
      const [q, k, v] = tf.split(projected(norm(s), w!), 3, 2).map((t) => heads(t, 2));
      s = tf.add(s, projected(tf.reshape(tf.transpose(attended(q!, k!, v!), [0, 2, 1, 3]), [2, 5, 8]), o!));
      return projected(tf.add(s, projected(tf.elu(projected(norm(s), f!)), h!)), u!);
    },
    channels: { e: '-,e', g: 'e', b: 'e', w: 'e,w·w.2+w·w.2+w·w.3', o: 'w·w.3,e', f: 'e,f', h: 'f,e', u: 'e,-' },
  },
  'attention by einsum': {
    shapes: { q: [6, 2, 4], k: [6, 2, 4], v: [6, 2, 3], o: [2, 3, 5] },
    input: [2, 5, 6],
    apply: ({ q, k, v, o }, x) => {
      const [a, b, c] = [q, k, v].map((w) => tf.einsum('bti,ihd->bthd', x, w!));
      const weights = tf.softmax(tf.einsum('bthd,bshd->bhts', a!, b!));
      return tf.einsum('bthd,hdo->bto', tf.einsum('bhts,bshd->bthd', weights, c!), o!);
    },
    channels: { q: '-,q,q.2', k: '-,q,q.2', v: '-,q,v', o: 'q,v,-' },
    signs: 'q k v o',
  },
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

const architectureOf = ({ shapes, apply }: Case): Architecture => {
  const names = Object.keys(shapes);
  return {
    name: 'case',
    parameters: names.map((name) => ({ name: `${name}.weight`, shape: shapes[name]! })),
    apply: (parameters, x) => tf.tidy(() => apply(Object.fromEntries(names.map((name, i) => [name, parameters[i]!])), x)),
  };
};
/** `-` for nothing, `a` for a group, `a·b` row-major, `a+b` one behind the other. */
const short = ({ shape, channels = [] }: ParameterSpec): string =>
  shape
    .map((_, axis) => {
      const found = channels[axis];
      if (found === undefined || typeof found === 'string') return found ?? '-';
      return found.map((piece) => piece.map((factor) => factor.channels ?? factor.size).join('·')).join('+');
    })
    .join();

describeOnRuntimes('permutationSpec', (runtime) => {
  it.each(Object.entries(CASES))('finds what is free: %s', (_, one) => {
    const architecture = architectureOf(one);
    const specs = permutationSpec(architecture, { inputShape: one.input });
    expect(Object.fromEntries(specs.map((spec) => [spec.name.replace('.weight', ''), short(spec)]))).toEqual(one.channels);
    const named = (has: (spec: ParameterSpec) => boolean): string => specs.filter(has).map(({ name }) => name.replace('.weight', '')).join(' '); // prettier-ignore
    if (one.signs !== undefined) expect(named(({ signs }) => signs !== undefined)).toBe(one.signs);
    expect(named(({ period }) => period !== undefined)).toBe(one.periods ?? '');
  });
  it.each(Object.entries(CASES))('finds what leaves outputs as they are: %s', (_, one) => {
    const bare = architectureOf(one);
    const architecture = { ...bare, parameters: permutationSpec(bare, { inputShape: one.input }) };
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat({ max: 999 })), (numbers) =>
        tf.tidy(() => {
          const next = (): number => numbers.next().value as number;
          const parameters = architecture.parameters.map(({ shape }, i) => tf.randomNormal([...shape], 0, 0.7, 'float32', i + 1));
          const x = tf.randomUniform([...one.input], 0, 6, 'float32', 9);
          const change = prepSymmetry(architecture, {
            order: (_name, count) => Array.from({ length: count }, (_place, i) => [next(), i] as const).sort(([a], [b]) => a - b).map(([, i]) => i),
            signs: (_name, count) => Array.from({ length: count }, () => (next() < 500 ? 1 : -1)),
            turns: (_name, count) => Array.from({ length: count }, () => (next() % 3) - 1),
          }); // prettier-ignore
          const changed = changedInstance({ architecture, parameters }, change);
          const before = architecture.apply(parameters, x).dataSync();
          expectClose(architecture.apply(changed.parameters, x).dataSync(), before, one.periods === undefined ? 1e-5 : 1e-4);
        }),
      ),
      { numRuns: runtime === 'cpu' ? 3 : 8 },
    );
  });
  it('finds what is free in convolutions of groups and with channels in front, which not every backend runs', () => {
    const found = (shapes: Case['shapes'], input: readonly number[], apply: Case['apply']) =>
      permutationSpec(architectureOf({ shapes, input, apply, channels: {} }), { inputShape: input }).map(short);
    const groups = { a: [1, 1, 2, 6], b: [3, 3, 3, 4], c: [1, 1, 4, 2] };
    const attributes = { strides: 1, pad: 'same', dataFormat: 'NHWC', dilations: 1 };
    const grouped = (y: T, filter: T): T => tf.engine().runKernel('Conv2D', { x: y, filter }, attributes);
    const inGroups = found(groups, [2, 4, 4, 2], ({ a, b, c }, x) => conv(tf.relu(grouped(conv(x, a!), b!)), c!));
    expect(inGroups).toEqual(['-,-,-,a·a.2', '-,-,a.2,a·b', '-,-,a·b,-']);
    const inFront = found({ a: [1, 1, 2, 6], b: [1, 1, 6, 2] }, [2, 2, 4, 4], ({ a, b }, x) =>
      [a, b].reduce<T>((y, w) => tf.relu(tf.conv2d(y as tf.Tensor4D, w as tf.Tensor4D, 1, 'same', 'NCHW')), x),
    );
    expect(inFront).toEqual(['-,-,-,a', '-,-,a,-']);
  });
  it('writes the rows behind a flattened convolution channel by channel, as the PRep has them', () => {
    const flattened = [
      {
        axis: 0,
        parts: [
          [3, 4],
          [2, 1],
        ],
      },
    ] as const; // four pixels of three channels, then two rows of their own
    const parameters = [
      { name: 'a.weight', shape: [1, 1, 2, 3] },
      { name: 'b.weight', shape: [14, 5], flattened },
      { name: 'c.weight', shape: [5, 2] },
    ];
    const rows = (joined: boolean): Architecture => ({
      name: 'case',
      parameters,
      apply: ([a, b, c], x) => {
        const y = tf.reshape(tf.relu(conv(x, a!)), [2, 12]);
        const all = tf.concat([y, tf.ones([2, 2])], 1);
        return mm(tf.relu(mm(joined ? all : tf.reverse(all, 1), b!)), c!);
      },
    });
    expect(permutationSpec(rows(true), { inputShape: [2, 2, 2, 2] }).map(short)).toEqual(['-,-,-,a', 'a·4+b,b.2', 'b.2,-']);
    expect(permutationSpec(rows(false), { inputShape: [2, 2, 2, 2] }).map(short)).toEqual(['-,-,-,-', '-,b', 'b,-']);
  });
  it('leaves nothing behind: no tensor, no kernel, no gradient, whether it ends well or not', () => {
    const architecture = architectureOf(CASES['a transformer block']!);
    const engine = tf.engine();
    expectNoLeak(() => void permutationSpec(architecture, { inputShape: [2, 5] }));
    expect(Object.hasOwn(engine, 'runKernel')).toBe(false);
    expect(() => permutationSpec(architecture, { inputShape: [2, 5, 5] })).toThrow();
    expect(Object.hasOwn(engine, 'runKernel')).toBe(false);
    // In the middle of a gradient, which must not see it.
    const gradient = tf.grad((x) => {
      permutationSpec(architecture, { inputShape: [2, 5] });
      return tf.square(x);
    })(tf.scalar(3));
    expect(gradient.dataSync()[0]).toBe(6);
  });
  it('refuses what is no shape, and says what is one', () => {
    const architecture = architectureOf(CASES['residual stream']!);
    expect(() => permutationSpec(architecture, { inputShape: [0, 3] })).toThrow(/permutationSpec: expected inputShape to be the shape of a batch/);
    expect(() => permutationSpec(architecture, {} as never)).toThrow(/inputShape/);
    expect(() => permutationSpec({} as never, { inputShape: [1] })).toThrow(/an architecture/);
    const later = { ...architecture, apply: () => Promise.resolve() as never };
    expect(() => permutationSpec(later, { inputShape: [2, 3] })).toThrow(/expected apply of case to return a tensor/);
  }); // prettier-ignore
});
