import * as tf from '@tensorflow/tfjs-core';

import { NetSpaceError } from '@netspace/prep';

import { optimizerFrom, type Optimizer } from './optimizer.js';
import type { Schedule } from './schedule.js';

export interface AdamOptions {
  /** Step size, constant or by step. 1e-4 as in the paper. */
  readonly learningRate?: number | Schedule;
  /** Decay of the running mean of gradients, in [0, 1). */
  readonly beta1?: number;
  /** Decay of the running mean of squared gradients, in [0, 1). */
  readonly beta2?: number;
  /** Added to the root, keeps the step finite where gradients vanish. */
  readonly epsilon?: number;
}

/**
 * Adam as PyTorch computes it: `p ← p − lr · m̂ / (√v̂ + ε)`, with `m̂ = m / (1 − β₁ᵗ)`, `v̂ = v / (1 − β₂ᵗ)`,
 * `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²` and t counted from 1. (tfjs's own Adam has ε inside the bias correction.)
 *
 * The slots hold m / (1 − β₁) and v / (1 − β₂), which takes two operations fewer per variable; the constants go into lr and ε.
 *
 * @throws NetSpaceError `INVALID_OPTION` if a β is outside [0, 1) or ε is not positive
 * @see Kingma and Ba, "Adam: A Method for Stochastic Optimization", arXiv:1412.6980
 */
export function adam({ learningRate = 1e-4, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions = {}): Optimizer {
  for (const [key, beta] of Object.entries({ beta1, beta2 })) {
    if (!(beta >= 0 && beta < 1)) throw new NetSpaceError('INVALID_OPTION', `adam: ${key} must be in [0, 1), got ${beta}`);
  }
  if (!(epsilon > 0)) throw new NetSpaceError('INVALID_OPTION', `adam: epsilon must be positive, got ${epsilon}`);
  return optimizerFrom(
    'adam',
    {
      slots: ['first', 'second'],
      update({ value, gradient, slots, step, learningRate: rate }) {
        const [first, second] = slots ?? [];
        const m = first === undefined ? gradient : tf.add(tf.mul(first, beta1), gradient); // m / (1 − β₁)
        const square = tf.square(gradient);
        const v = second === undefined ? square : tf.add(tf.mul(second, beta2), square); // v / (1 − β₂)
        const root = Math.sqrt((1 - beta2 ** (step + 1)) / (1 - beta2)); // √v̂ = √slot / root
        const size = (rate * root * (1 - beta1)) / (1 - beta1 ** (step + 1));
        const direction = tf.div(tf.mul(m, size), tf.add(tf.sqrt(v), epsilon * root));
        return { value: tf.sub(value, direction), slots: [m, v] };
      },
    },
    learningRate,
  );
}
