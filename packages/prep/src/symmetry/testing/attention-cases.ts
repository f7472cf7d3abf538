import * as tf from '@tensorflow/tfjs-core';

import { type Cases, mm, type T } from './permutation-case.js';

/** `[batch, tokens, heads · size]` → `[batch, heads, tokens, size]` */
const heads = (x: T, count: number): T => tf.transpose(tf.reshape(x, [x.shape[0]!, x.shape[1]!, count, -1]), [0, 2, 1, 3]);
const attended = (q: T, k: T, v: T): T => mm(tf.softmax(tf.div(tf.matMul(q, k, false, true), 2)), v);
const projected = (x: T, w: T): T => tf.reshape(mm(tf.reshape(x, [-1, x.shape.at(-1)!]), w), [...x.shape.slice(0, -1), w.shape[1]!]);

/** Attention, whose heads are channels too. */
export const attentionCases: Cases = {
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
}; // prettier-ignore
