import type { Instance } from '@netspace/prep';
import { unpackPRep } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import type { Session } from '../session.js';

/** The network that an embedding decodes to. The caller frees it by {@link DecodedNetwork.dispose}. */
export interface DecodedNetwork {
  readonly classId: number;
  /** Of the architectures, as the class head gives them. */
  readonly classIdProbabilities: readonly number[];
  /** `[H, W]` */
  readonly prep: tf.Tensor2D;
  readonly network: Instance;
  dispose(): void;
}

/**
 * Decodes one embedding as the class head says.
 *
 * @param classId the architecture to decode as, instead
 */
export async function decodeAt(session: Session, embedding: Float32Array, classId?: number): Promise<DecodedNetwork> {
  const { space, size } = session;
  const classIds = classId === undefined ? undefined : [classId];
  const { prep, probabilities } = tf.tidy(() => {
    const { preps, classLogits } = space.decode(tf.tensor2d(embedding, [1, size]), { ...(classIds && { classIds }) });
    return {
      prep: tf.reshape<tf.Rank.R2>(preps, [...space.config.prepShape]),
      probabilities: classLogits === undefined ? undefined : tf.softmax(classLogits),
    };
  });
  try {
    const values: readonly number[] = probabilities === undefined ? [1] : [...(await probabilities.data())];
    const said = classId ?? values.indexOf(Math.max(...values));
    const architecture = space.architectures[Math.max(0, said)]!;
    const parameters = unpackPRep(prep, architecture);
    const dispose = () => tf.dispose([prep, ...parameters]);
    return { classId: Math.max(0, said), classIdProbabilities: values, prep, network: { architecture, parameters }, dispose };
  } catch (error) {
    prep.dispose();
    throw error;
  } finally {
    probabilities?.dispose();
  }
}
