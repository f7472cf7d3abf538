import {
  NetSpaceError,
  packPRep,
  packPReps,
  tensorShape,
  unpackPRep,
  type Architecture,
  type Instance,
  type ParameterSpec,
  type PRepShape,
} from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { checkWeights, type NamedTensors } from './named-tensors.js';

/** How the PReps of a family of networks lie; the encoder and the decoder see them in these units. */
export interface Normalisation {
  /** `[H, W]`: where the middle is, for each element. */
  readonly mean: tf.Tensor2D;
  /** `[H, W]`: how far networks are from it, the same for all elements of a parameter tensor; 1 where they do not differ. */
  readonly deviation: tf.Tensor2D;
}

const NAMES = { mean: 'normalisation/mean', deviation: 'normalisation/deviation' } as const;

/** Specs under which a normalisation is saved beside the weights. */
export const normalisationSpecs = (prepShape: PRepShape): ParameterSpec[] =>
  Object.values(NAMES).map((name) => ({ name, shape: [...prepShape] }));

export const namedNormalisation = ({ mean, deviation }: Normalisation): NamedTensors => ({
  [NAMES.mean]: mean,
  [NAMES.deviation]: deviation,
});

/** The normalisation among loaded tensors, if there is one. */
export function normalisationAmong(tensors: NamedTensors): Normalisation | undefined {
  const [mean, deviation] = [tensors[NAMES.mean], tensors[NAMES.deviation]];
  return mean === undefined || deviation === undefined ? undefined : { mean: mean as tf.Tensor2D, deviation: deviation as tf.Tensor2D };
}

/**
 * Tensors of its own for a space: measured on instances, or copied.
 *
 * `mean` is over the instances, `deviation = sqrt(mean (w − mean)²)` over the instances and all elements of a parameter tensor.
 *
 * @throws NetSpaceError `UNSUPPORTED` for several architectures, `INVALID_OPTION` for no instances, `SHAPE_MISMATCH` if an instance or
 *   a tensor does not fit
 */
export function makeNormalisation(
  from: readonly Instance[] | Normalisation,
  architectures: readonly Architecture[],
  prepShape: PRepShape,
): Normalisation {
  const [architecture] = architectures;
  if (architecture === undefined || architectures.length > 1) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `NetSpace: expected one architecture with normalise, got ${architectures.length}; weights of several have no common mean, leave it out`,
    );
  }
  if (!isInstances(from)) {
    checkWeights('NetSpace', namedNormalisation(from), normalisationSpecs(prepShape));
    return { mean: from.mean.clone(), deviation: from.deviation.clone() };
  }
  if (from.length === 0) {
    throw new NetSpaceError('INVALID_OPTION', 'NetSpace: expected instances as normalise, got none; pass those that it is trained on');
  }
  const [mean, deviation] = tf.tidy(() => {
    const { mean: middle, variance } = tf.moments(packPReps(from, prepShape), 0); // [H, W]
    const parameters = unpackPRep(variance as tf.Tensor2D, architecture).map((tensor, i) =>
      tf.mul(tf.ones(tensorShape(architecture.parameters[i]!)), tf.sqrt(tf.mean(tensor))),
    );
    const spread = packPRep({ architecture, parameters }, prepShape);
    return [middle as tf.Tensor2D, tf.where(tf.greater(spread, 0), spread, tf.onesLike(spread))] as const;
  });
  return { mean, deviation };
}

const isInstances = (from: readonly Instance[] | Normalisation): from is readonly Instance[] => Array.isArray(from);

/** PReps `[…, H, W]` in units of the normalisation; differentiable, padding stays zero. */
export const normalise = <T extends tf.Tensor>(preps: T, { mean, deviation }: Normalisation): T =>
  tf.tidy(() => tf.div(tf.sub(preps, mean), deviation) as T);

/** The way back. */
export const denormalise = <T extends tf.Tensor>(preps: T, { mean, deviation }: Normalisation): T =>
  tf.tidy(() => tf.add(tf.mul(preps, deviation), mean) as T);
