import { NetSpace } from '@netspace/model';
import { disposeInstances, requiredPRepShape } from '@netspace/prep';
import { memoryCheckpoint, permutedCopies, trainedEmbeddings, trainNetSpace } from '@netspace/train';
import type { ImageDataset } from '@netspace/zoo';
import type * as tf from '@tensorflow/tfjs-core';

import { best, type ZooMember } from './digits-zoo.js';
import { progressBar } from './progress.js';
import { ARCHITECTURES, SEED, SPACE } from './settings.js';

/**
 * (b) A space in which each architecture is measured in units of its own spread, and every embedding decodes to the best network of its
 * architecture at first, plus what the fixed random directions add.
 */
export function makeSpace(known: readonly ZooMember[]): NetSpace {
  const architectures = Object.values(ARCHITECTURES);
  // While it learns, hidden channels come in any order: so do those of the networks that the units are taken of.
  const copies = permutedCopies(
    known.map(({ instance }) => instance),
    { copies: 10, seed: SEED },
  );
  const { preset, decoderChannels, directions, prepWidth } = SPACE;
  const space = new NetSpace({
    ...{ architectures, preset, decoderChannels, directions, seed: SEED },
    prepShape: requiredPRepShape(architectures, { width: prepWidth }),
    start: { from: 'instances', instances: architectures.map(({ name }) => best(known, name).instance) },
    units: { of: copies },
  });
  disposeInstances(copies);
  return space;
}

/** The losses of a step, by name. */
export interface LossesOfStep {
  readonly step: number;
  readonly losses: Readonly<Record<string, number>>;
}

/**
 * (c) Each network has an embedding of its own, which is learned with the decoder. Each predicted network imitates its target, and is to be
 * right as often; the ClassId is read off the embedding. The encoder learns to find the embeddings.
 *
 * @returns the losses, and the embeddings `[known, E]`, which the caller disposes
 */
export async function trainSpace(
  space: NetSpace,
  known: readonly ZooMember[],
  dataset: ImageDataset,
): Promise<{ readonly training: readonly LossesOfStep[]; readonly embeddings: tf.Tensor2D }> {
  const { steps, batch, learningRate, task } = SPACE;
  const bar = progressBar('steps', steps);
  const storage = memoryCheckpoint();
  const run = trainNetSpace(space, {
    instances: known.map(({ instance }) => instance),
    task: { kind: 'classification', dataset, teacher: 'targets', ...task },
    embeddings: 'free',
    augment: { permuteChannels: true },
    checkpoint: { storage, every: steps },
    ...{ steps, batch, learningRate, seed: SEED, readEvery: 20 },
  });
  const training: LossesOfStep[] = [];
  for await (const { step, losses } of run) {
    if (losses === undefined) continue;
    training.push({ step, losses });
    bar.update(step, `loss ${losses['loss']!.toFixed(2)}`);
  }
  bar.stop();
  return { training, embeddings: await trainedEmbeddings(storage) };
}
