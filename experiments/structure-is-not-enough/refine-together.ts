import { type LatentObjective, optimizeLatent } from '@netspace/explore';
import { singleArchitectureLoss } from '@netspace/losses';
import type { NetSpace } from '@netspace/model';
import { type Architecture, type Instance, unpackPReps } from '@netspace/prep';
import { unstack } from '@netspace/prep/internal';
import { randomAt } from '@netspace/train/internal';
import type { ImageDataset } from '@netspace/zoo';
import { inputsOf } from '@netspace/zoo/internal';
import * as tf from '@tensorflow/tfjs-core';

export interface RefineTogether {
  readonly steps: number;
  /** Of Adam at the first step; it falls to zero in a straight line. */
  readonly learningRate: number;
  /** Images of a step, the same for all networks. */
  readonly batchSize: number;
}

export interface RefineTogetherOptions extends RefineTogether {
  readonly images: ImageDataset;
  readonly seed: number;
  readonly signal: AbortSignal;
  onStep?(step: number): void;
}

/**
 * What `refineEmbedding` does for one network, for several at once: they see the same images, and the decoder runs once for all. It takes a
 * fraction of the time.
 *
 * @param space what decodes: a space, or anything else that makes PReps of numbers
 * @param targets N networks of one architecture that has `applyMany`
 * @param starts `[N, E]`; the caller keeps them
 * @returns `[N, E]`
 */
export async function refineTogether(
  space: Pick<NetSpace, 'decode'>,
  targets: readonly Instance[],
  starts: tf.Tensor2D,
  { steps, learningRate, batchSize, images, seed, signal, onStep }: RefineTogetherOptions,
): Promise<tf.Tensor2D> {
  const { architecture } = targets[0]!;
  const stacked = tf.tidy(() => architecture.parameters.map((_, i) => tf.stack(targets.map(({ parameters }) => parameters[i]!))));
  const said = (parameters: readonly tf.Tensor[], x: tf.Tensor) => unstack(applied(architecture, parameters, x)) as tf.Tensor2D[];
  const loss: LatentObjective = Object.assign(
    ({ preps }: Parameters<LatentObjective>[0], step: number) => {
      const random = randomAt(seed, 'refinement', step);
      const indices = Uint32Array.from({ length: batchSize }, () => random.below(images.count));
      const x = inputsOf(images, indices);
      return singleArchitectureLoss(said(unpackPReps(preps, architecture), x), said(stacked, x));
    },
    { classId: 0 },
  );
  const rate = (step: number): number => learningRate * Math.max(1e-6, 1 - step / steps);
  const found = await optimizeLatent(space, starts, {
    ...{ loss, steps, learningRate: rate, keep: 'last', signal },
    ...(onStep && { onStep: ({ step }) => onStep(step) }),
  }).finally(() => tf.dispose(stacked));
  return found.embedding;
}

/** `[N, batch, classes]` */
const applied = (architecture: Architecture, parameters: readonly tf.Tensor[], x: tf.Tensor): tf.Tensor =>
  architecture.applyMany!(parameters, x);
