import * as tf from '@tensorflow/tfjs-core';
import { NetSpaceError } from '@netspace/prep';
import { show } from '@netspace/prep/internal';

import { assertOneEmbedding } from './one-embedding.js';

/**
 * Points on the line between two embeddings. They decode to the networks "between" two networks.
 *
 * `e_γ = (1 − γ) a + γ b` for each γ; 0 and 1 give `a` and `b` exactly, values outside [0, 1] extrapolate.
 *
 * @param a the embedding at γ = 0, `[embedding]` or `[1, embedding]`
 * @param b the embedding at γ = 1, of the same size
 * @param gammas the places on the way, dimensionless; `evenGammas(n)` gives n even steps
 * @returns one embedding a row, `[gammas, embedding]`; differentiable in `a` and `b`
 * @throws NetSpaceError `SHAPE_MISMATCH` if `a` or `b` is not one embedding or their sizes differ, `INVALID_OPTION` if `gammas` is empty or
 * not finite
 * @see Berardi et al., "Learning the Space of Deep Models", equation (7)
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { interpolateEmbeddings } from '@netspace/explore';
 *
 * const embeddings = interpolateEmbeddings(tf.tensor1d([0, 0]), tf.tensor1d([2, 4]), [0, 0.5, 1]);
 * console.log(await embeddings.array()); // [ [ 0, 0 ], [ 1, 2 ], [ 2, 4 ] ]
 * ```
 */
export function interpolateEmbeddings(a: tf.Tensor, b: tf.Tensor, gammas: readonly number[]): tf.Tensor2D {
  assertOneEmbedding('interpolateEmbeddings', 'a', a);
  assertOneEmbedding('interpolateEmbeddings', 'b', b);
  if (a.size !== b.size) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `interpolateEmbeddings: a holds ${a.size} numbers but b ${b.size}; take both embeddings from the same space`,
    );
  }
  assertGammas('interpolateEmbeddings', gammas);
  return tf.tidy(() => {
    const towardsB = tf.tensor2d([...gammas], [gammas.length, 1]); // [G, 1]
    const towardsA = tf.tensor2d(
      gammas.map((gamma) => 1 - gamma),
      [gammas.length, 1],
    );
    return tf.add(tf.mul(towardsA, tf.reshape(a, [1, a.size])), tf.mul(towardsB, tf.reshape(b, [1, b.size]))); // [G, E]
  });
}

/** Most stops of one walk, whose embeddings are all in memory at once. */
const STEP_LIMIT = 100_000;

/**
 * The γ of an even walk from 0 to 1, ends included: `i / (steps − 1)`.
 *
 * @throws NetSpaceError `INVALID_OPTION` if `steps` is not an integer of at least 2, `LIMIT_EXCEEDED` if it is above 100,000
 * @example
 * ```ts
 * import { evenGammas } from '@netspace/explore';
 *
 * console.log(evenGammas(5)); // [ 0, 0.25, 0.5, 0.75, 1 ]
 * ```
 */
export function evenGammas(steps: number): number[] {
  if (!Number.isInteger(steps) || steps < 2) {
    throw new NetSpaceError('INVALID_OPTION', `evenGammas: expected an integer of at least 2 steps, both ends included, got ${steps}`);
  }
  if (steps > STEP_LIMIT) {
    throw new NetSpaceError('LIMIT_EXCEEDED', `evenGammas: expected at most ${STEP_LIMIT} steps, got ${steps}; walk in several parts`);
  }
  return Array.from({ length: steps }, (_, i) => i / (steps - 1));
}

export function assertGammas(caller: string, gammas: readonly number[]): void {
  const given: unknown = gammas;
  if (!Array.isArray(given)) {
    throw new NetSpaceError('INVALID_OPTION', `${caller}: expected a list of gammas, got ${show(given)}; write [gamma] for one`);
  }
  if (gammas.length === 0) {
    throw new NetSpaceError('INVALID_OPTION', `${caller}: expected at least one gamma, got none; evenGammas(9) gives nine from 0 to 1`);
  }
  const wrong = gammas.find((gamma) => !Number.isFinite(gamma));
  if (wrong !== undefined) throw new NetSpaceError('INVALID_OPTION', `${caller}: expected finite gammas, got ${wrong}`);
}
