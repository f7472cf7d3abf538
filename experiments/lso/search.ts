import { accuracy, latentObjective, optimizeLatent, type LatentBatch } from '@netspace/explore';
import { type NetSpace, type Schedule, scheduleFrom } from '@netspace/model';
import { disposeInstances, type Instance } from '@netspace/prep';
import type { ImageDataset } from '@netspace/zoo';
import type * as tf from '@tensorflow/tfjs-core';

import type { Splits } from '../shared/data.js';
import { fineTune } from './fine-tune.js';

export interface SearchConfig {
  readonly steps: number;
  /** Training images a step. */
  readonly images: number;
  /** Of Adam, on the embedding and on the weights, to zero along a cosine; the better on validation images counts. */
  readonly learningRates: { readonly latent: readonly number[]; readonly weights: readonly number[] };
}

/** Test accuracies of a network before it is improved and after, in [0, 1]. */
export interface Improvement {
  /** What the embedding of the start decodes to. */
  readonly before: number;
  readonly latent: Improved;
  readonly weights: Improved;
}

export interface Improved {
  readonly after: number;
  readonly learningRate: number;
  /** Of each learning rate, on validation images. */
  readonly validation: readonly number[];
}

export interface SearchOptions {
  readonly config: SearchConfig;
  /** As many as there are steps, the same for all. */
  readonly batches: readonly Required<LatentBatch>[];
  readonly images: Pick<Splits, 'validation' | 'test'>;
  readonly signal: AbortSignal;
}

/** Improves what a network's embedding decodes to: by moving the embedding, decoder frozen, and by moving its weights. */
export async function improve(space: NetSpace, start: Instance, options: SearchOptions): Promise<Improvement> {
  const { learningRates, steps } = options.config;
  const classId = space.classIdOf(start);
  const embedding = space.encode([start]);
  const [network] = space.instantiateAs(embedding, [classId]);
  try {
    return {
      before: await accuracy(network!, options.images.test),
      latent: await best({ learningRates: learningRates.latent, steps }, options.images, (rate) =>
        searched(space, embedding, classId, rate, options),
      ),
      weights: await best({ learningRates: learningRates.weights, steps }, options.images, (rate) =>
        fineTune(network!, { ...options, learningRate: rate }),
      ),
    };
  } finally {
    embedding.dispose();
    disposeInstances([network!]);
  }
}

async function searched(
  space: NetSpace,
  embedding: tf.Tensor2D,
  classId: number,
  learningRate: Schedule,
  { config: { steps }, batches, signal }: SearchOptions,
): Promise<Instance> {
  const loss = latentObjective({ space, batch: (step) => batches[step % batches.length]!, classId });
  const found = await optimizeLatent(space, embedding, { loss, steps, learningRate, keep: 'last', signal });
  const [network] = space.instantiateAs(found.embedding, [classId]);
  found.embedding.dispose();
  return network!;
}

async function best(
  { learningRates, steps }: { readonly learningRates: readonly number[]; readonly steps: number },
  { validation, test }: { readonly validation: ImageDataset; readonly test: ImageDataset },
  improved: (learningRate: Schedule) => Promise<Instance>,
): Promise<Improved> {
  const tried: { readonly validation: number; readonly after: number }[] = [];
  for (const learningRate of learningRates) {
    const network = await improved(scheduleFrom({ kind: 'cosine', learningRate, steps }));
    tried.push({ validation: await accuracy(network, validation), after: await accuracy(network, test) });
    disposeInstances([network]);
  }
  const chosen = tried.reduce((top, one, i) => (one.validation > tried[top]!.validation ? i : top), 0);
  return { after: tried[chosen]!.after, learningRate: learningRates[chosen]!, validation: tried.map((one) => one.validation) };
}
