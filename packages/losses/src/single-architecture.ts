import { NetSpaceError } from '@netspace/prep';
import { type GivenBy, objectOf, optional, parseOptions, thing } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { accuracyGapTerm, imitationLoss, imitationOptions } from './imitation.js';

/** See {@link SingleArchitectureLossOptions}. */
export const singleArchitectureLossOptions = objectOf({
  ...imitationOptions.entries,
  /** Class index of each input, `[batch]`, int32. Only `accuracyGap` needs them. */
  labels: optional(thing<tf.Tensor1D>('a tensor [batch]', ['shape', 'dtype'])),
});

/** Options of {@link singleArchitectureLoss}. */
export interface SingleArchitectureLossOptions extends GivenBy<typeof singleArchitectureLossOptions> {}

/**
 * Single-architecture loss: how far the predicted networks of a batch are from the networks that were encoded, on average.
 *
 * `mean_k L_pred(student_k, target_k) / v_k^relative` with `L_pred` of equation (1). v is the variance of the target's logits after their
 * means over classes and over inputs are taken out; with `relative` 0, as in the paper, it does not matter. The option `accuracyGap` adds
 * `accuracyGapLoss` times this factor. No gradient flows to the targets.
 *
 * @param students logits of each predicted network on one batch of inputs, K × `[batch, classes]`
 * @param targets logits of each encoded network on the same inputs, K × `[batch, classes]`
 * @returns scalar, in nats
 * @throws NetSpaceError `SHAPE_MISMATCH` if the lists are empty or differ in length, or any two logits differ in shape; `INVALID_OPTION` for
 * options that are unknown or out of range, or `accuracyGap` without labels
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { singleArchitectureLoss } from '@netspace/losses';
 *
 * const [same, certain] = [tf.tensor2d([[0, 0]]), tf.tensor2d([[1000, 0]])];
 * const loss = singleArchitectureLoss([same, same], [same, certain], { temperature: 1 }); // mean of 0 and ln 2
 * console.log((await loss.array()).toFixed(4)); // 0.3466
 * ```
 */
export function singleArchitectureLoss(
  students: readonly tf.Tensor2D[],
  targets: readonly tf.Tensor2D[],
  options: SingleArchitectureLossOptions = {},
): tf.Scalar {
  const { labels, ...used } = parseOptions(call, singleArchitectureLossOptions, options);
  if (used.accuracyGap > 0 && labels === undefined) {
    throw new NetSpaceError('INVALID_OPTION', `${call}: expected labels for accuracyGap ${used.accuracyGap}, got nothing; pass them`);
  }
  const { accuracyGap } = used;
  return tf.tidy(() => {
    const imitation = imitationLoss(call, students, targets, used);
    const gap = accuracyGapTerm(students, targets, labels, { accuracyGap, networks: 1 });
    return gap === undefined ? imitation : tf.add(imitation, gap);
  });
}

const call = 'singleArchitectureLoss';
