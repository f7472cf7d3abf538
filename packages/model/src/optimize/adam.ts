import * as tf from '@tensorflow/tfjs-core';

import { decay, type GivenBy, objectOf, parseOptions, positive, type UsedBy, withDefault } from '@netspace/prep/internal';

import { optimizerFrom, type Optimizer, overRows, rateOrFunction, type UpdateRule } from './optimizer.js';

/** The defaults of {@link adam} besides its rate. */
export const ADAM_CONSTANTS = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** See {@link AdamOptions}. */
export const adamOptions = objectOf({
  /**
   * Step size: a number, a schedule, or a function of the step. The paper has 1e-4.
   * @default 1e-4
   */
  learningRate: withDefault(rateOrFunction, 1e-4),
  /**
   * Decay of the running mean of gradients, in [0, 1).
   * @default 0.9
   */
  beta1: withDefault(decay, ADAM_CONSTANTS.beta1),
  /**
   * Decay of the running mean of squared gradients, in [0, 1).
   * @default 0.999
   */
  beta2: withDefault(decay, ADAM_CONSTANTS.beta2),
  /**
   * ε, added to the root; it keeps the step finite if gradients vanish.
   * @default 1e-8
   */
  epsilon: withDefault(positive, ADAM_CONSTANTS.epsilon),
});

/** Options of {@link adam}. */
export interface AdamOptions extends GivenBy<typeof adamOptions> {}

/**
 * Adam as PyTorch computes it: `p ← p − lr · m̂ / (√v̂ + ε)`, with `m̂ = m / (1 − β₁ᵗ)`, `v̂ = v / (1 − β₂ᵗ)`,
 * `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²` and t counted from 1. (tfjs's own Adam has ε inside the bias correction.)
 *
 * The slots hold m / (1 − β₁) and v / (1 − β₂), which takes two operations fewer per variable; the constants go into lr and ε.
 *
 * @throws NetSpaceError `INVALID_OPTION` for options that are unknown or out of range
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { adam } from '@netspace/model';
 *
 * const optimizer = adam({ learningRate: { kind: 'cosine', learningRate: 0.1, steps: 100 } });
 * const x = tf.variable(tf.scalar(1));
 * optimizer.apply({ x }, { x: tf.scalar(2) }); // Adam's first step is as long as the learning rate
 * console.log((await x.array()).toFixed(4)); // 0.9000
 * ```
 * @see Kingma and Ba, "Adam: A Method for Stochastic Optimization", arXiv:1412.6980
 */
export function adam(options: AdamOptions = {}): Optimizer {
  const { learningRate, ...constants } = parseOptions('adam', adamOptions, options);
  return optimizerFrom('adam', adamRule(constants), learningRate);
}

/** How {@link adam} moves one value. */
export const adamRule = ({ beta1, beta2, epsilon }: Omit<UsedBy<typeof adamOptions>, 'learningRate'>): UpdateRule => ({
  slots: ['first', 'second'],
  update({ value, gradient, slots, step, learningRate }) {
    const [first, second] = slots ?? [];
    const m = first === undefined ? gradient : tf.add(tf.mul(first, beta1), gradient); // m / (1 − β₁)
    const square = tf.square(gradient);
    const v = second === undefined ? square : tf.add(tf.mul(second, beta2), square); // v / (1 − β₂)
    const root = Math.sqrt((1 - beta2 ** (step + 1)) / (1 - beta2)); // √v̂ = √slot / root
    const size = overRows(learningRate, (rate) => (rate * root * (1 - beta1)) / (1 - beta1 ** (step + 1)));
    const direction = tf.div(tf.mul(m, size), tf.add(tf.sqrt(v), epsilon * root));
    return { value: tf.sub(value, direction), slots: [m, v] };
  },
});
