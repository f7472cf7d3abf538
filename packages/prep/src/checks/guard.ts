import * as tf from '@tensorflow/tfjs-core';

import { NetSpaceError } from '../errors.js';
import { firstNonFinite, refuseNonFinite, type NamedTensor } from './non-finite.js';

/** Backends whose tensors are in this program's memory, so that reading them waits for no device. */
const AT_HAND: ReadonlySet<string> = new Set(['cpu', 'wasm', 'tensorflow']);

/**
 * Guards a result that is computed from rows of numbers against a NaN or an infinity that the computation would hide, as a maximum does.
 *
 * If tensors are in this program's memory, such a number is refused at once. On other backends a read would wait for the device. There the
 * result of the row becomes NaN, and the first call that reads it anyway refuses it. Inside a gradient nothing is checked, so that a
 * training step costs no more; training checks when it reads its losses.
 *
 * @param rows `[B, …]`
 * @param named the tensors that the rows were made of, to name the number that is not finite
 * @returns what to add to each row's result, `[B]`: 0, or NaN; undefined if there is nothing to add
 * @throws NetSpaceError `INVALID_OPTION` naming the first NaN or infinity, its tensor and place
 */
export function guardOf(call: string, rows: tf.Tensor, named: () => readonly NamedTensor[]): tf.Tensor1D | undefined {
  if (tf.engine().state.gradientDepth > 0 || rows.size === 0) return undefined;
  const guard = tf.tidy(() => tf.sum<tf.Tensor1D>(tf.mul(rows, 0), [...rows.shape.keys()].slice(1)));
  if (!AT_HAND.has(tf.getBackend())) return guard;
  const sound = guard.dataSync().every((value) => value === 0);
  guard.dispose();
  if (sound) return undefined;
  for (const [name, tensor] of named()) {
    refuseNonFinite(call, firstNonFinite(name, tensor.dataSync<'float32'>(), tensor.shape));
  }
  throw new NetSpaceError(
    'INVALID_OPTION',
    `${call}: expected finite numbers, got NaN or an infinity; leave it out, or take weights from before the training diverged`,
  );
}
