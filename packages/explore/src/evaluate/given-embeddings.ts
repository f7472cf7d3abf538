import type { NetSpace } from '@netspace/model';
import { type Instance, NetSpaceError } from '@netspace/prep';
import { refuseOptions, thing } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

/** The option `embeddings` of measures. */
export const givenEmbeddings = thing<tf.Tensor2D>('a tensor', ['shape', 'dtype', 'dataId']);

interface Beside {
  readonly embeddings: tf.Tensor;
  readonly entries: readonly unknown[];
  readonly refine: unknown;
}

/** Refuses embeddings that are not one of the space for each network, and options that have no meaning beside them. */
export function checkEmbeddings(call: string, { config }: NetSpace, { embeddings, entries, refine }: Beside): void {
  refuseOptions(call, { refine }, ['refine'], 'with embeddings, where encodings are not looked at');
  const expected = [entries.length, config.embeddingSize];
  if (tf.util.arraysEqual(embeddings.shape, expected)) return;
  throw new NetSpaceError(
    'SHAPE_MISMATCH',
    `${call}: expected embeddings [${expected}], one for each network, got [${embeddings.shape}]; put those of the networks together with tf.concat`,
  );
}

/** The embedding that a network is decoded from, `[1, E]`: the one given for it, or its encoding. The caller disposes it. */
export const embeddingOf = (space: NetSpace, instance: Instance, embeddings: tf.Tensor2D | undefined, index: number): tf.Tensor2D =>
  embeddings === undefined ? space.encode([instance]) : tf.slice(embeddings, index, 1);
