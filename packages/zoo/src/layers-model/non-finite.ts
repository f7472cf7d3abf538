import { NetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Refuses tensors that hold NaN or infinity, naming the first and the place.
 *
 * @throws NetSpaceError `INVALID_OPTION`
 */
export function checkFinite(caller: string, named: readonly (readonly [name: string, tensor: tf.Tensor])[]): void {
  if (named.length === 0) return;
  // 0 · x is 0 or, for NaN and infinities, NaN: one number for each tensor, and one read for all of them.
  const sums = tf.tidy(() => tf.stack(named.map(([, tensor]) => tf.sum(tf.mul(tensor, 0)))).dataSync());
  const index = sums.findIndex((sum) => Number.isNaN(sum));
  if (index === -1) return;
  const [name, tensor] = named[index]!;
  const values = tensor.dataSync();
  const at = values.findIndex((value) => !Number.isFinite(value));
  const place = tf.util.indexToLoc(at, tensor.rank, tf.util.computeStrides(tensor.shape)).join(', ');
  throw new NetSpaceError(
    'INVALID_OPTION',
    `${caller}: expected finite weights, got ${String(values[at])} at [${place}] of ${name}; has the training diverged? Load weights from before`,
  );
}
