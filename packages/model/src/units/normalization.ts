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

import type { Start, Units } from '../start.js';
import type { Normalization } from './units.js';
import { checkWeights, type NamedTensors } from '../weights/named-tensors.js';

const NAMES = { mean: 'normalisation/mean', deviation: 'normalisation/deviation', start: 'normalisation/start' } as const; // as format 1 spells them

/**
 * Specs under which a normalization is saved with the weights. There is one more tensor if decoding `starts` at another place than the
 * mean.
 */
export const normalizationSpecs = (architectures: readonly Architecture[], prepShape: PRepShape, starts: boolean): ParameterSpec[] =>
  [NAMES.mean, NAMES.deviation, ...(starts ? [NAMES.start] : [])].map((name) => ({ name, shape: [architectures.length, ...prepShape] }));

export const namedNormalization = ({ mean, deviation, start }: Normalization): NamedTensors => ({
  [NAMES.mean]: mean,
  [NAMES.deviation]: deviation,
  ...(start && { [NAMES.start]: start }),
});

/** The normalization among loaded tensors, if there is one. */
export function normalizationAmong(tensors: NamedTensors): Normalization | undefined {
  const [mean, deviation, start] = [NAMES.mean, NAMES.deviation, NAMES.start].map((name) => tensors[name] as tf.Tensor3D | undefined);
  return mean === undefined || deviation === undefined ? undefined : { mean, deviation, ...(start && { start }) };
}

/**
 * Measures the units of a space on instances, or copies those of another space. If the space starts from a network of each architecture,
 * decoded weights are measured from that network.
 *
 * For each architecture `mean` is over its instances, `deviation = sqrt(mean (w − mean)²)` over them and all elements of a parameter
 * tensor.
 *
 * @param architectures by ClassId, A of them
 * @param prepShape `[H, W]` of the space
 * @returns tensors `[A, H, W]`, in the weights' own units; the caller disposes of them
 * @throws NetSpaceError `INVALID_OPTION` for an architecture without instances, or with none or several to start from, `SHAPE_MISMATCH` if
 *   an instance or a tensor does not fit
 */
export function makeNormalization(units: Units, start: Start, architectures: readonly Architecture[], prepShape: PRepShape): Normalization {
  return tf.tidy(() => {
    const { mean, deviation, start: middle } = 'of' in units ? measureAll(units.of, architectures, prepShape) : copy(units, architectures, prepShape); // prettier-ignore
    const own = start.from === 'instances' ? packPReps(oneOfEach(start.instances, architectures), prepShape) : middle;
    return { mean, deviation, ...(own && { start: own }) };
  });
}

function copy(units: Normalization, architectures: readonly Architecture[], prepShape: PRepShape): Normalization {
  checkWeights('NetSpace', namedNormalization(units), normalizationSpecs(architectures, prepShape, units.start !== undefined));
  const { mean, deviation, start } = units;
  return { mean: mean.clone(), deviation: deviation.clone(), ...(start && { start: start.clone() }) };
}

function measureAll(from: readonly Instance[], architectures: readonly Architecture[], prepShape: PRepShape): Normalization {
  const measured = architectures.map((architecture) => measure(from, architecture, prepShape));
  return {
    mean: tf.stack(measured.map(({ mean }) => mean)) as tf.Tensor3D,
    deviation: tf.stack(measured.map(({ deviation }) => deviation)) as tf.Tensor3D,
  };
}

const oneOfEach = (starts: readonly Instance[], architectures: readonly Architecture[]): readonly Instance[] =>
  architectures.map(({ name }) => {
    const own = starts.filter(({ architecture }) => architecture.name === name);
    if (own.length === 1) return own[0]!;
    throw new NetSpaceError('INVALID_OPTION', `NetSpace: expected one instance of ${name} to start from, got ${own.length}`);
  });

/** Both `[H, W]`. */
function measure(
  from: readonly Instance[],
  architecture: Architecture,
  prepShape: PRepShape,
): { readonly mean: tf.Tensor; readonly deviation: tf.Tensor } {
  const instances = from.filter((instance) => instance.architecture.name === architecture.name);
  if (instances.length === 0) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `NetSpace: expected instances of ${architecture.name} in units.of, got none; pass instances of every architecture that the space is trained on`,
    );
  }
  const { mean, variance } = tf.moments(packPReps(instances, prepShape), 0); // [H, W]
  const parameters = unpackPRep(variance as tf.Tensor2D, architecture).map((tensor, i) =>
    tf.mul(tf.ones(tensorShape(architecture.parameters[i]!)), tf.sqrt(tf.mean(tensor))),
  );
  const spread = packPRep({ architecture, parameters }, prepShape);
  return { mean, deviation: tf.where(tf.greater(spread, 0), spread, tf.onesLike(spread)) };
}

/** Which architecture each PRep of a batch is of. */
type ClassIds = readonly number[] | tf.Tensor1D;

/** PReps `[B, H, W]` in units of their architectures; differentiable, padding stays zero. */
export const normalize = (preps: tf.Tensor3D, classIds: ClassIds, { mean, deviation }: Normalization): tf.Tensor3D =>
  tf.tidy(() => tf.div(tf.sub(preps, unitsOf(mean, classIds)), unitsOf(deviation, classIds)));

/** The inverse, measured from `start`. */
export const denormalize = (preps: tf.Tensor3D, classIds: ClassIds, { mean, deviation, start = mean }: Normalization): tf.Tensor3D =>
  tf.tidy(() => tf.add(tf.mul(preps, unitsOf(deviation, classIds)), unitsOf(start, classIds)));

/** `[B, H, W]`, or `[1, H, W]` if all are of one architecture. */
function unitsOf(units: tf.Tensor3D, classIds: ClassIds): tf.Tensor3D {
  if (units.shape[0] === 1) return units; // ClassIds are not asked for
  return tf.gather(units, classIds instanceof tf.Tensor ? classIds : tf.tensor1d([...classIds], 'int32'));
}
