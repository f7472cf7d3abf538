import type { NetSpace } from '@netspace/model';
import { NetSpaceError, type Instance } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

/** How often the class head takes networks of each architecture for those of each other architecture. */
export interface ClassIdConfusion {
  /** Number of networks. Row: the ClassId of the network; column: the ClassId that the class head gives for its embedding. */
  readonly matrix: readonly (readonly number[])[];
  /** Names of the architectures in order of ClassId. */
  readonly architectures: readonly string[];
  /** Fraction on the diagonal, in [0, 1]. */
  readonly accuracy: number;
}

/**
 * Encodes networks and counts which architecture the class head gives for each.
 *
 * @param instances of the space's architectures; encoded one by one, so any number of them
 * @throws NetSpaceError `NOT_FOUND` if a network is of no architecture of the space, `INVALID_OPTION` if there are none
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { classIdConfusion } from '@netspace/explore';
 * import { NetSpace } from '@netspace/model';
 * import { initialize, siren } from '@netspace/zoo';
 *
 * const [small, large] = [siren({ hidden: 4, layers: 0 }), siren({ hidden: 8, layers: 0 })];
 * const space = new NetSpace({ architectures: [small, large], prepShape: [4, 16], preset: 'tiny' });
 * const network = { architecture: large, parameters: initialize(large.parameters, { seed: 1 }) };
 * const { matrix, architectures } = await classIdConfusion(space, [network]);
 * console.log(architectures); // [ 'siren-3-4x0-1', 'siren-3-8x0-1' ]
 * console.log(matrix[0]); // [ 0, 0 ]
 * ```
 */
export async function classIdConfusion(space: NetSpace, instances: readonly Instance[]): Promise<ClassIdConfusion> {
  if (instances.length === 0) throw new NetSpaceError('INVALID_OPTION', 'classIdConfusion: expected at least one network, got none');
  const pairs = [];
  for (const instance of instances) {
    pairs.push({ classId: space.classIdOf(instance), predictedClassId: await predictedClassId(space, instance) });
  }
  return countConfusion(
    pairs,
    space.architectures.map(({ name }) => name),
  );
}

/**
 * The confusion of networks that have been evaluated; nothing is encoded again.
 *
 * @param pairs ClassIds of networks and those that the class head gives, such as the rows of `evaluateSpace`
 * @param architectures their names in order of ClassId
 * @example
 * ```ts
 * import { countConfusion } from '@netspace/explore';
 *
 * const networks = [
 *   { classId: 0, predictedClassId: 0 },
 *   { classId: 1, predictedClassId: 0 }, // a large network, taken for a small one
 * ];
 * const { matrix, accuracy } = countConfusion(networks, ['small', 'large']);
 * console.log(matrix, accuracy); // [ [ 1, 0 ], [ 1, 0 ] ] 0.5
 * ```
 */
export function countConfusion(
  pairs: readonly { readonly classId: number; readonly predictedClassId: number }[],
  architectures: readonly string[],
): ClassIdConfusion {
  const matrix = architectures.map(() => Array<number>(architectures.length).fill(0));
  for (const { classId, predictedClassId } of pairs) matrix[classId]![predictedClassId]! += 1;
  const right = matrix.reduce((sum, row, i) => sum + row[i]!, 0);
  return { matrix, architectures, accuracy: right / pairs.length };
}

/** The ClassId that the class head gives for a network's embedding; 0 in a space of one architecture. */
async function predictedClassId(space: NetSpace, instance: Instance): Promise<number> {
  const predicted = tf.tidy(() => {
    const { classLogits } = space.decode(space.encode([instance]));
    return classLogits === undefined ? tf.zeros([1]) : tf.argMax(classLogits, 1);
  });
  const [classId = 0] = await predicted.data();
  predicted.dispose();
  return classId;
}
