import type { NetSpace } from '@netspace/model';
import { stopGradient } from '@netspace/losses/internal';
import * as tf from '@tensorflow/tfjs-core';

import { seedAt } from '../batches/random.js';
import { type Embeddings, ENCODER } from './embeddings.js';

/** The deviation of embeddings before the first step. */
const SPREAD = 0.2;
/** An embedding is a row of the table times this: a step of Adam moves it so many times as far as a weight of the decoder. */
export const REACH = 3;
/** Its name among the variables of a run. */
export const TABLE = 'embeddings/table';

/**
 * Every network has an embedding of its own, a row of a table that the loss moves as it moves the decoder: an auto-decoder. The encoder does not
 * hinder the decoder; it learns beside it to find the rows. Its term is `mean (encoding − row)² / variance of the table`: 1 if it knows nothing, 0 if
 * it finds every row. The row of one network alone has no variance; there it is the variance that rows start with.
 *
 * @see Park et al., "DeepSDF", CVPR 2019, section 4.2
 */
export function freeEmbeddings(space: NetSpace, count: number, seed: number): Embeddings {
  const shape: [number, number] = [count, space.config.embeddingSize];
  const table = tf.tidy(() => tf.variable(tf.randomNormal(shape, 0, SPREAD / REACH, 'float32', seedAt(seed, 'embeddings'))));
  return {
    variables: { [TABLE]: table },
    terms: [ENCODER],
    of: (_, nets) => tf.mul(tf.gather(table, tf.tensor1d([...nets], 'int32')), REACH),
    lossTerms(batch, rows) {
      const error = tf.mean(tf.squaredDifference(space.encode(batch), stopGradient(rows)));
      const spread = count === 1 ? SPREAD ** 2 : tf.mul(tf.mean(tf.moments(stopGradient(table), 0).variance), REACH ** 2);
      return [tf.div<tf.Scalar>(error, spread)];
    },
    dispose: () => table.dispose(),
  };
}
