import { decodeAt } from './decode-at.js';
import { isRunnable } from './is-runnable.js';
import { embeddingAt } from './place.js';
import type { MeasuredPlace, Place } from '../messages/protocol.js';
import { answersOn } from '../images/run-on-sample.js';
import type { Session } from '../session.js';

/** What the network at a place is, and where there are images how often it is right on these. */
export async function measuredAt(session: Session, place: Place, indices: readonly number[]): Promise<MeasuredPlace> {
  const decoded = await decodeAt(session, embeddingAt(session, place));
  try {
    const { classId, classIdProbabilities, network } = decoded;
    const { dataset } = session;
    const runs = dataset !== undefined && isRunnable(network.architecture);
    const accuracy = runs ? (await answersOn(network, dataset, indices)).accuracy : undefined;
    return { classId, classIdProbabilities, ...(accuracy !== undefined && { accuracy }) };
  } finally {
    decoded.dispose();
  }
}
