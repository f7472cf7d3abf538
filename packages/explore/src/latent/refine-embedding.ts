import type { NetSpace } from '@netspace/model';
import type { Instance } from '@netspace/prep';
import { abortSignal, checkFiniteInstances, choose, count, extended, functionOf, type GivenBy, instanceOfOutput, objectOf, text, type Option, optional, parseOptions, positive, seed, share, thing, withDefault } from '@netspace/prep/internal'; // prettier-ignore
import type { Dataset } from '@netspace/zoo';
import { anyDataset } from '@netspace/zoo/internal';
import * as tf from '@tensorflow/tfjs-core';

import { predictedLogits } from '../evaluate/predicted-logits.js';
import { assertOneEmbedding } from '../walk/one-embedding.js';
import { assertEmbeddings, closestStart } from './closest-start.js';
import { latentObjective } from './latent-objective.js';
import { type LatentObjective, type LatentProgress, optimizeLatent } from './optimize-latent.js';
import { type OutputDistance, outputDistance } from './output-distance.js';
import { type InputsOfStep, refinementInputs, refuseIgnored } from './refinement-inputs.js';

/** See {@link RefinementOptions}. */
export const refinementOptions = objectOf({
  /**
   * The inputs on which target and prediction are compared: images, tensors, or a function that gives the inputs of each step. Step -1 asks for the
   * inputs on which start and end are compared.
   * @default random points for signed distance functions, see `nearSurface`; required for other networks
   */
  inputs: optional(
    choose<Option<Dataset | ((step: number) => tf.Tensor)>>('a data set, or a function of the step that gives inputs', (given) =>
      typeof given === 'function' ? functionOf<(step: number) => tf.Tensor>() : anyDataset,
    ),
  ),
  /**
   * Name of the output that is compared, of networks that have several.
   * @default the only one
   */
  output: optional(text),
  /** @default 200 */
  steps: withDefault(count, 200),
  /**
   * Adam's learning rate at the first step, in units of the embedding; it falls to zero in a straight line.
   * @default 0.1
   */
  learningRate: withDefault(positive, 0.1),
  /**
   * Images, or points, a step.
   * @default 128 images or 4096 points
   */
  batchSize: optional(count),
  /**
   * Share of the points, 0..1, that lie near the target's surface; the others fill the cube evenly. Thin parts take little of the cube.
   * @default 0.6
   */
  nearSurface: withDefault(share, 0.6),
  /**
   * Half the side of the cube around the origin in which points are drawn.
   * @default 0.6
   */
  bounds: withDefault(positive, 0.6),
  /**
   * Distances are compared up to this value, because far from the surface they say little about the shape.
   * @default 0.1
   */
  clip: withDefault(positive, 0.1),
  /**
   * Embeddings of networks that the space knows, `[K, E]`: the search starts at the one whose network does the most nearly what the target does, or
   * at the encoding if that is closer, on the inputs of step -1. A space of free embeddings needs it: its encodings of new networks lie far from where they belong. Pass those
   * of `trainedEmbeddings`.
   * @default none
   */
  known: optional(thing<tf.Tensor>('a tensor', ['shape', 'dtype', 'dataId'])),
  /** @default 0 */
  seed: withDefault(seed, 0),
  /**
   * How many steps to run before reading their losses back from the device; the event loop runs then.
   * @default 10
   */
  readEvery: withDefault(count, 10),
  /** Stops the search. */
  signal: optional(abortSignal),
  /** Called for each step of the search in order, in batches of `readEvery`. */
  onStep: optional(functionOf<(progress: LatentProgress) => void>()),
});

/** How an encoding is refined: the option `refine` of `walk` and `evaluateSpace`, and most options of {@link refineEmbedding}. */
export interface RefinementOptions extends GivenBy<typeof refinementOptions> {}

/** See {@link RefineOptions}. */
export const refineOptions = extended(refinementOptions, {
  /**
   * Where to start, `[E]` or `[1, E]`, unless one of `known` is closer.
   * @default the target's encoding
   */
  start: optional(thing<tf.Tensor>('a tensor', ['shape', 'dtype', 'dataId'])),
});

/** Options of {@link refineEmbedding}. */
export interface RefineOptions extends GivenBy<typeof refineOptions> {}

/** The result of {@link refineEmbedding}. */
export interface RefinedEmbedding {
  /** `[1, E]`; the caller disposes it. */
  readonly embedding: tf.Tensor2D;
  /**
   * Distance of the outputs to those of the target, at the start and at the end. No step saw these inputs, if `inputs` does not repeat
   * itself. With `known`, the start was chosen on them.
   */
  readonly before: number;
  readonly after: number;
}

/**
 * Refines the encoding of a network: moves it until its predicted network does what the target does. Nothing is trained, and the space does
 * not change.
 *
 * The encoder estimates in one pass where a network lies. From there, or from the closest of `known`, refinement minimizes the distance of outputs: for classifiers `L_kl`
 * of equation (1) and `L_class` of (6), for signed distance functions `clampedSdfLoss` up to `clip`, for occupancy `occupancyLoss`, for other
 * networks equation (2). If the end is no better, the start is kept.
 *
 * @param target a network of one of the space's architectures
 * @throws NetSpaceError `NOT_FOUND` if the space does not know its architecture, `INVALID_OPTION` if its weights are not finite, if
 * `inputs` is missing or for options that are unknown, out of range or would say nothing, `SHAPE_MISMATCH` if `start` is not one embedding or `known`
 * are none of this space, `ABORTED` by the signal, `DIVERGED` as `optimizeLatent`
 * @see Zhu et al., "Generative Visual Manipulation on the Natural Image Manifold", arXiv:1609.03552: inversion by optimization
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { refineEmbedding } from '@netspace/explore';
 * import { NetSpace } from '@netspace/model';
 * import { initialize, siren } from '@netspace/zoo';
 *
 * const architecture = siren({ hidden: 4, layers: 0 });
 * const target = { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) };
 * const space = new NetSpace({ architectures: [architecture], prepShape: [4, 8], preset: 'tiny', seed: 1 });
 * const { embedding, before, after } = await refineEmbedding(space, target, { steps: 20, batchSize: 64 });
 * console.log(embedding.shape, after < before); // [ 1, 64 ] true
 * ```
 */
export const refineEmbedding = (space: NetSpace, target: Instance, options: RefineOptions = {}): Promise<RefinedEmbedding> =>
  refineFor('refineEmbedding', space, target, options);

/** As {@link refineEmbedding}, for a call that its refusals name. */
export async function refineFor(call: string, space: NetSpace, target: Instance, options: RefineOptions): Promise<RefinedEmbedding> {
  const { steps, learningRate, readEvery, signal, onStep, start, known, output, ...rest } = parseOptions(call, refineOptions, options);
  const classId = space.classIdOf(target);
  refuseIgnored(call, target, options);
  const seen = instanceOfOutput(call, target, output);
  await checkFiniteInstances(call, [target], () => 'the target');
  if (start !== undefined) assertOneEmbedding(call, 'start', start);
  if (known !== undefined) assertEmbeddings(call, 'known', known, space);
  const inputs = await refinementInputs(call, target, rest);
  const distance = outputDistance(seen.architecture, rest.clip);
  const loss = objectiveOf(space, seen, { inputs, classId, distance });
  const given = start === undefined ? space.encode([target]) : (tf.reshape(start, [1, -1]) as tf.Tensor2D);
  const from = known === undefined ? given : await closestOf(known).finally(() => given.dispose());
  try {
    const measure = async (embedding: tf.Tensor2D): Promise<number> => {
      const value = tf.tidy(() => loss({ ...space.decode(embedding, { classIds: [classId] }), embedding }, -1));
      const [distance] = await value.data().finally(() => value.dispose());
      return distance!;
    };
    const before = await measure(from);
    const found = await optimizeLatent(space, from, {
      ...{ loss, steps, readEvery, keep: 'last', learningRate: (step) => learningRate * Math.max(1e-6, 1 - step / steps) },
      ...(signal !== undefined && { signal }),
      ...(onStep !== undefined && { onStep }),
    });
    const after = await measure(found.embedding);
    if (after < before) return { embedding: found.embedding, before, after };
    found.embedding.dispose();
    return { embedding: tf.clone(from), before, after: before };
  } finally {
    from.dispose();
  }

  async function closestOf(embeddings: tf.Tensor): Promise<tf.Tensor2D> {
    const x = tf.tidy(() => tf.clone(inputs(-1))); // kept inputs stay the caller's
    const all = tf.concat([given, embeddings as tf.Tensor2D]);
    return closestStart(space, all, seen, { classId, inputs: x, distance, signal }).finally(() => tf.dispose([all, x]));
  }
}

interface Compared {
  readonly inputs: InputsOfStep;
  readonly classId: number;
  readonly distance: OutputDistance;
}

/** How far the decoded network is from the target. */
function objectiveOf(space: NetSpace, { architecture, parameters }: Instance, { inputs, classId, distance }: Compared): LatentObjective {
  if (architecture.purpose === 'classifier') {
    const batch = (step: number) => {
      const images = inputs(step);
      return { images, teacher: architecture.apply(parameters, images) as tf.Tensor2D };
    };
    return latentObjective({
      space: { architectures: space.architectures.map((one, id) => (id === classId ? architecture : one)) },
      classId,
      batch,
    });
  }
  const objective: LatentObjective = ({ preps }, step) => {
    const x = inputs(step);
    const [values] = predictedLogits(preps, architecture, x);
    return distance(values!, architecture.apply(parameters, x));
  };
  return Object.assign(objective, { classId });
}
