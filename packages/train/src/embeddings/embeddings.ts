import type { NetSpace } from '@netspace/model';
import type { PRepBatch } from '@netspace/prep';
import type * as tf from '@tensorflow/tfjs-core';

/** The term by which the encoder learns to find embeddings that are not its own; `loss` does not have it. */
export const ENCODER = 'encoder';

/** Where the embeddings of the networks come from while a space learns. */
export interface Embeddings {
  /** What is trained besides the space's own variables. */
  readonly variables: Readonly<Record<string, tf.Variable>>;
  /** Names of the terms that it adds to the task's. */
  readonly terms: readonly string[];
  /** The embeddings of a batch's networks, `[B, E]`, from which their predicted networks are decoded; runs inside a gradient. */
  of(batch: PRepBatch, nets: readonly number[]): tf.Tensor2D;
  /** What it adds to the loss for these networks and their embeddings, in the order of `terms`; runs inside a gradient. */
  lossTerms(batch: PRepBatch, embeddings: tf.Tensor2D): readonly tf.Scalar[];
  dispose(): void;
}

/** The embeddings are the encoder's, as in the paper: encoder and decoder learn by one loss. */
export const encodedEmbeddings = (space: NetSpace): Embeddings => ({
  ...{ variables: {}, terms: [], dispose() {} },
  of: (batch) => space.encode(batch),
  lossTerms: () => [],
});
