import * as tf from '@tensorflow/tfjs-core';

import { NetSpaceError } from '@netspace/prep';

import { optimizerFrom, type Optimizer } from './optimizer.js';
import type { Schedule } from './schedule.js';

export interface SgdOptions {
  /** Step size, constant or by step. 0.05 as in the paper's recipe for instances. */
  readonly learningRate?: number | Schedule;
  /** Share of the last direction that is kept, in [0, 1). */
  readonly momentum?: number;
  /** L2 penalty added to each gradient as `weightDecay · p`. */
  readonly weightDecay?: number;
}

/**
 * Stochastic gradient descent with momentum as PyTorch computes it: `g ← g + λ p`, `b ← μ b + g` (at the first step `b = g`),
 * `p ← p − lr · b`.
 *
 * @throws NetSpaceError `INVALID_OPTION` if momentum is outside [0, 1) or weight decay is negative
 * @see https://pytorch.org/docs/stable/generated/torch.optim.SGD.html
 */
export function sgd({ learningRate = 0.05, momentum = 0, weightDecay = 0 }: SgdOptions = {}): Optimizer {
  if (!(momentum >= 0 && momentum < 1)) throw new NetSpaceError('INVALID_OPTION', `sgd: momentum must be in [0, 1), got ${momentum}`);
  if (!(weightDecay >= 0)) throw new NetSpaceError('INVALID_OPTION', `sgd: weightDecay must not be negative, got ${weightDecay}`);
  return optimizerFrom(
    'sgd',
    {
      slots: momentum > 0 ? ['momentum'] : [],
      update({ value, gradient, slots, learningRate: rate }) {
        const decayed = weightDecay > 0 ? tf.add(gradient, tf.mul(value, weightDecay)) : gradient;
        const buffer = slots?.[0];
        const direction = buffer === undefined ? decayed : tf.add(tf.mul(buffer, momentum), decayed);
        return { value: tf.sub(value, tf.mul(direction, rate)), slots: momentum > 0 ? [direction] : [] };
      },
    },
    learningRate,
  );
}
