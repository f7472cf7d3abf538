import * as tf from '@tensorflow/tfjs-core';
import { NetSpaceError, tensorShape, type Instance } from '@netspace/prep';

import { assertGammas } from './interpolate.js';

/**
 * Averages two networks weight by weight: the baseline that interpolation of embeddings is measured against.
 *
 * `θ_γ = (1 − γ) θ_a + γ θ_b` for each γ and each parameter. The values of weights do not tell what a network does. So averages are usually
 * far worse than both ends, unless both networks share their training.
 *
 * @param a the network at γ = 0
 * @param b the network at γ = 1, of the same architecture
 * @param gammas the places on the way, dimensionless; 0 and 1 give the weights of `a` and `b` exactly
 * @returns one instance per γ, with tensors of its own
 * @throws NetSpaceError `UNSUPPORTED` if the architectures differ, `SHAPE_MISMATCH` if a parameter's shape does, `INVALID_OPTION` if
 * `gammas` is empty or not finite
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { interpolateWeights } from '@netspace/explore';
 * import { initialize, siren } from '@netspace/zoo';
 *
 * const architecture = siren({ hidden: 4, layers: 0 });
 * const parameters = initialize(architecture.parameters, { seed: 1 });
 * const zeros = { architecture, parameters: parameters.map((tensor) => tf.zerosLike(tensor)) };
 * const ones = { architecture, parameters: parameters.map((tensor) => tf.onesLike(tensor)) };
 * const [between] = interpolateWeights(zeros, ones, [0.25]);
 * console.log((await between!.parameters[0]!.data())[0]); // 0.25
 * ```
 */
export function interpolateWeights<Name extends string>(a: Instance<Name>, b: Instance<Name>, gammas: readonly number[]): Instance<Name>[] {
  const { architecture } = a;
  if (architecture.name !== b.architecture.name) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `interpolateWeights: expected two networks of one architecture, got ${architecture.name} and ${b.architecture.name}; ` +
        'interpolate their embeddings instead (walk)',
    );
  }
  architecture.parameters.forEach((spec, i) => {
    const expected = tensorShape(spec);
    for (const tensor of [a.parameters[i], b.parameters[i]]) {
      if (tensor === undefined || !tf.util.arraysEqual(tensor.shape, expected)) {
        throw new NetSpaceError(
          'SHAPE_MISMATCH',
          `interpolateWeights: expected ${spec.name} of ${architecture.name} as [${expected}], got ${tensor ? `[${tensor.shape}]` : 'none'}`,
        );
      }
    }
  });
  assertGammas('interpolateWeights', gammas);
  return gammas.map((gamma) => ({
    architecture,
    parameters: tf.tidy(() => a.parameters.map((from, i) => tf.add(tf.mul(from, 1 - gamma), tf.mul(b.parameters[i]!, gamma)))),
  }));
}
