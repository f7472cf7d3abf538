import type { NetSpace } from '@netspace/model';
import { parameterCount } from '@netspace/prep';
import { mean } from 'simple-statistics';

import type { EvaluatedInstance } from '../evaluated-instance.js';

/** How a space predicts the networks of one architecture; means over instances, fractions of images. */
export interface ArchitectureAccuracy {
  readonly architecture: string;
  readonly parameters: number;
  readonly instances: number;
  /** Fraction of the instances for whose embedding the class head gives the right ClassId. */
  readonly classIdRight: number;
  readonly target: number;
  readonly predicted: number;
  /** Fraction of images for which target and predicted network give the same class. */
  readonly agreement: number;
}

/**
 * Means of evaluated networks by architecture: one row for each, with sizes, accuracies and agreement.
 *
 * @param instances the rows that `evaluateSpace` measured
 * @returns one row an architecture that has instances, in order of ClassId
 * @example
 * ```ts
 * import { accuracyByArchitecture } from '@netspace/explore';
 * import { lenetLike } from '@netspace/zoo';
 *
 * const architecture = lenetLike({ width: 0.1 });
 * const measured = (targetAccuracy: number) => ({
 *   ...{ name: 'net', architecture: architecture.name, classId: 0, predictedClassId: 0 },
 *   ...{ targetAccuracy, predictedAccuracy: 0.5, agreement: 0.75 },
 * }); // as `evaluateSpace` gives it
 * const [row] = accuracyByArchitecture({ architectures: [architecture] }, [measured(0.5), measured(0.75)]);
 * console.log(row!.instances, row!.target, row!.predicted); // 2 0.625 0.5
 * ```
 */
export const accuracyByArchitecture = (
  { architectures }: Pick<NetSpace, 'architectures'>,
  instances: readonly EvaluatedInstance[],
): readonly ArchitectureAccuracy[] =>
  architectures.flatMap(({ name, parameters }) => {
    const own = instances.filter(({ architecture }) => architecture === name);
    if (own.length === 0) return [];
    return {
      ...{ architecture: name, parameters: parameterCount(parameters), instances: own.length },
      classIdRight: mean(own.map(({ classId, predictedClassId }) => Number(classId === predictedClassId))),
      target: mean(own.map(({ targetAccuracy }) => targetAccuracy)),
      predicted: mean(own.map(({ predictedAccuracy }) => predictedAccuracy)),
      agreement: mean(own.map(({ agreement }) => agreement)),
    };
  });
