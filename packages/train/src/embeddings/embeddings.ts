import type { NetSpace } from '@netspace/model';
import type { PRepBatch } from '@netspace/prep';
import type * as tf from '@tensorflow/tfjs-core';

/** The embeddings of a step's networks, from which their predicted networks are decoded. */
export interface StepEmbeddings {
  /** `[B, E]` */
  readonly embeddings: tf.Tensor2D;
  /** Terms of the loss that find the embeddings, if there are any. */
  readonly terms: readonly tf.Scalar[];
}

/** The term by which the encoder learns to find embeddings that are not its own; `loss` does not have it. */
export const ENCODER = 'encoder';

/** Where the embeddings of the networks come from while a space learns. */
export interface Embeddings {
  /** What is trained besides the space's own variables. */
  readonly variables: Readonly<Record<string, tf.Variable>>;
  /** Names of the terms that it adds to the task's. */
  readonly terms: readonly string[];
  /** The embeddings of a batch's networks; runs inside a gradient. */
  of(batch: PRepBatch, nets: readonly number[]): StepEmbeddings;
  dispose(): void;
}

/** The embeddings are the encoder's, as in the paper: encoder and decoder learn by one loss. */
export const encodedEmbeddings = (space: NetSpace): Embeddings => ({
  ...{ variables: {}, terms: [], dispose() {} },
  of: (batch) => ({ embeddings: space.encode(batch), terms: [] }),
});
