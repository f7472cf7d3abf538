import { imageBatch } from '@netspace/zoo';
import { logitsOf } from '@netspace/zoo/internal';
import * as tf from '@tensorflow/tfjs-core';

import { datasetOf } from '../images/dataset-of.js';
import { decodeAt } from '../places/decode-at.js';
import { visitorsImages } from '../images/normalized-images.js';
import { embeddingAt } from '../places/place.js';
import type { Classified, ClassifyRequest } from '../messages/protocol.js';
import type { Session } from '../session.js';
import { vote } from '../vote.js';
import type { CallContext } from './call-context.js';

/** What networks say of one image. */
export async function classify(
  session: Session,
  { image, places, vote: wantsVote }: ClassifyRequest,
  { signal, progress }: CallContext<Classified>,
): Promise<Classified> {
  const dataset = visitorsImages(datasetOf(session), image);
  const { images, labels } = imageBatch(dataset, [0]);
  try {
    const probabilities: number[][] = [];
    for (const place of places) {
      const decoded = await decodeAt(session, embeddingAt(session, place));
      try {
        const row = tf.tidy(() => tf.softmax(logitsOf('classify', decoded.network, dataset, images)));
        probabilities.push([...(await row.data())]);
        row.dispose();
      } finally {
        decoded.dispose();
      }
    }
    if (wantsVote && session.voters.stacks === undefined) progress({ probabilities });
    return { probabilities, ...(wantsVote && (await vote(session, images, signal))) };
  } finally {
    tf.dispose([images, labels]);
  }
}
