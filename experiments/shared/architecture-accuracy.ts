import { evaluateSpace, type EvaluatedInstance } from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import { parameterCount } from '@netspace/prep';
import type { ImageDataset } from '@netspace/zoo';
import { mean } from 'simple-statistics';

import type { Context } from './experiment.js';
import type { Member } from './zoo-stage.js';

/** What a space makes of the networks of one architecture; means over instances, fractions of images. */
export interface ArchitectureAccuracy {
  readonly architecture: string;
  readonly parameters: number;
  readonly instances: number;
  /** Fraction of the instances whose embedding says the right ClassId. */
  readonly classIdRight: number;
  readonly target: number;
  readonly predicted: number;
  /** Fraction of images on which target and predicted network say the same. */
  readonly agreement: number;
}

/** Encodes and decodes each network, runs both on the images, and takes means by architecture, in order of size. */
export async function architectureAccuracies(
  { signal }: Pick<Context, 'signal'>,
  space: NetSpace,
  members: readonly Member[],
  images: ImageDataset,
): Promise<{ readonly instances: readonly EvaluatedInstance[]; readonly architectures: readonly ArchitectureAccuracy[] }> {
  const { instances } = await evaluateSpace(space, members, images, { signal });
  const architectures = space.architectures.flatMap(({ name, parameters }) => {
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
  return { instances, architectures };
}
