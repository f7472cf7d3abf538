import * as tf from '@tensorflow/tfjs-core';

import type { Architecture } from '../../architecture.js';

/** Short, so that a case fits on few lines. */
export type T = tf.Tensor;

/** A network as people write it, and which of its channels are free. */
export interface Case {
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly input: readonly number[];
  readonly apply: (p: Readonly<Record<string, T>>, x: T) => T;
  /** `channels` of each parameter: names, `name·4` and `a+b` as the test writes them. */
  readonly channels: Readonly<Record<string, string>>;
  /** Parameters with a sign, and those with a period. */
  readonly signs?: string;
  readonly periods?: string;
}

export type Cases = Readonly<Record<string, Case>>;

export const mm = (a: T, b: T): T => tf.matMul(a, b);
export const conv = (x: T, w: T, pad: 'same' | 'valid' = 'same', stride = 1): T =>
  tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad);

export const architectureOf = ({ shapes, apply }: Case): Architecture => {
  const names = Object.keys(shapes);
  return {
    name: 'case',
    parameters: names.map((name) => ({ name: `${name}.weight`, shape: shapes[name]! })),
    apply: (parameters, x) => tf.tidy(() => apply(Object.fromEntries(names.map((name, i) => [name, parameters[i]!])), x)),
  };
};
