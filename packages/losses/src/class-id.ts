import * as tf from '@tensorflow/tfjs-core';

import { NetSpaceError } from '@netspace/prep';
import { type GivenBy, objectOf, oneOf, parseOptions, withDefault } from '@netspace/prep/internal';

import { requireClassIds } from './checks.js';
import { oneHot } from './one-hot.js';

/** See {@link ClassIdLossOptions}. */
export const classIdLossOptions = objectOf({
  /**
   * How the values of the networks are combined: `sum`, as in the total loss, or `mean`; `none` keeps one value per network.
   * @default 'sum'
   */
  reduction: withDefault(oneOf(['sum', 'mean', 'none']), 'sum'),
});

/** Options of {@link classIdLoss}. */
export interface ClassIdLossOptions extends GivenBy<typeof classIdLossOptions> {}

/**
 * ClassId loss: how improbable each embedding's architecture is according to the class head.
 *
 * `−log softmax(classLogits)[c]` for each network, summed: equation (6).
 *
 * @param classLogits `[networks, architectures]`
 * @param classIds the ClassId of each network; `[networks]`, int32 if a tensor (then not range-checked)
 * @returns scalar, in nats; `[networks]` with reduction `none`
 * @throws NetSpaceError `SHAPE_MISMATCH` if there is not one ClassId per row, `INVALID_OPTION` if one is not an architecture's,
 * or for options that are unknown or out of range
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { classIdLoss } from '@netspace/losses';
 *
 * const loss = classIdLoss(tf.tensor2d([[0, 0], [0, 0]]), [0, 1]); // two networks, each ln 2
 * console.log((await loss.array()).toFixed(4)); // 1.3863
 * ```
 */
export function classIdLoss(
  classLogits: tf.Tensor2D,
  classIds: readonly number[] | tf.Tensor1D,
  options?: ClassIdLossOptions & { readonly reduction?: 'sum' | 'mean' | undefined },
): tf.Scalar;
export function classIdLoss(
  classLogits: tf.Tensor2D,
  classIds: readonly number[] | tf.Tensor1D,
  options: ClassIdLossOptions & { readonly reduction: 'none' },
): tf.Tensor1D;
export function classIdLoss(
  classLogits: tf.Tensor2D,
  classIds: readonly number[] | tf.Tensor1D,
  options: ClassIdLossOptions = {},
): tf.Scalar | tf.Tensor1D {
  const { reduction } = parseOptions('classIdLoss', classIdLossOptions, options);
  const [networks, architectures] = classLogits.shape;
  const given = classIds instanceof tf.Tensor ? classIds.size : classIds.length;
  if (given !== networks) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `classIdLoss: expected ${networks} ClassIds for logits [${classLogits.shape}], got ${given}; pass one per network`,
    );
  }
  if (!(classIds instanceof tf.Tensor)) requireClassIds('classIdLoss', classIds, architectures);
  return tf.tidy(() => {
    const ids = classIds instanceof tf.Tensor ? classIds : tf.tensor1d([...classIds], 'int32');
    const chosen = oneHot(ids, architectures); // [B, A]
    const each = tf.neg(tf.sum<tf.Tensor1D>(tf.mul(tf.logSoftmax(classLogits), chosen), 1)); // [B]
    if (reduction === 'none') return each;
    const sum: tf.Scalar = tf.sum(each);
    return reduction === 'mean' ? tf.div(sum, networks) : sum;
  });
}
