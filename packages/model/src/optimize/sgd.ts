import * as tf from '@tensorflow/tfjs-core';

import { decay, type GivenBy, nonNegative, objectOf, parseOptions, withDefault } from '@netspace/prep/internal';

import { optimizerFrom, type Optimizer, overRows, rateOrFunction, type RowNumber, type UpdateRule } from './optimizer.js';

/** See {@link SgdOptions}. */
export const sgdOptions = objectOf({
  /**
   * Step size: a number, a schedule, or a function of the step. The paper's recipe for instances has 0.05.
   * @default 0.05
   */
  learningRate: withDefault(rateOrFunction, 0.05),
  /**
   * Share of the last direction that is kept, in [0, 1).
   * @default 0
   */
  momentum: withDefault(decay, 0),
  /**
   * L2 penalty added to each gradient as `weightDecay · p`.
   * @default 0
   */
  weightDecay: withDefault(nonNegative, 0),
});

/** Options of {@link sgd}. */
export interface SgdOptions extends GivenBy<typeof sgdOptions> {}

/**
 * Stochastic gradient descent with momentum as PyTorch computes it: `g ← g + λ p`, `b ← μ b + g` (at the first step `b = g`),
 * `p ← p − lr · b`.
 *
 * @throws NetSpaceError `INVALID_OPTION` for options that are unknown or out of range
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { sgd } from '@netspace/model';
 *
 * const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 });
 * const x = tf.variable(tf.scalar(1));
 * optimizer.apply({ x }, { x: tf.scalar(2) }); // 1 − 0.1 · 2
 * console.log((await x.array()).toFixed(4)); // 0.8000
 * ```
 * @see https://pytorch.org/docs/stable/generated/torch.optim.SGD.html
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  const { learningRate, ...constants } = parseOptions('sgd', sgdOptions, options);
  return optimizerFrom('sgd', sgdRule(constants), learningRate);
}

/** How {@link sgd} moves one value. */
export function sgdRule({ momentum, weightDecay }: { readonly momentum: RowNumber; readonly weightDecay: RowNumber }): UpdateRule {
  const [hasMomentum, decays] = [momentum, weightDecay].map((given) => [given].flat().some((one) => one > 0));
  return {
    slots: hasMomentum ? ['momentum'] : [],
    update({ value, gradient, slots, learningRate }) {
      const times = (tensor: tf.Tensor, given: RowNumber): tf.Tensor =>
        tf.mul(
          tensor,
          overRows(given, (one) => one),
        );
      const decayed = decays ? tf.add(gradient, times(value, weightDecay)) : gradient;
      const buffer = slots?.[0];
      const direction = buffer === undefined ? decayed : tf.add(times(buffer, momentum), decayed);
      return { value: tf.sub(value, times(direction, learningRate)), slots: hasMomentum ? [direction] : [] };
    },
  };
}
