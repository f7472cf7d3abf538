import type * as tf from '@tensorflow/tfjs-core';

import { decodeAt, type DecodedNetwork } from '../places/decode-at.js';
import { paintPRep } from '../paint-prep.js';
import { embeddingAt } from '../places/place.js';
import { onPlane } from '../plane/principal-plane.js';
import type { Look, LookRequest, Picture } from '../messages/protocol.js';
import { answersOn, spreadOver } from '../images/run-on-sample.js';
import type { Session } from '../session.js';
import { isRunnable } from '../places/is-runnable.js';

/** Decodes the network at a place and shows of it what is asked for. */
export async function look(session: Session, { place, prep, difference, images }: LookRequest): Promise<Look> {
  const embedding = embeddingAt(session, place);
  const [x, y] = onPlane(session.plane, embedding);
  const started = performance.now();
  const decoded = await decodeAt(session, embedding);
  try {
    const decodedAt = performance.now();
    const { classId, classIdProbabilities, network } = decoded;
    const { dataset } = session;
    const runs = images !== undefined && dataset !== undefined && isRunnable(network.architecture);
    const answers = runs ? await answersOn(network, dataset, spreadOver(dataset, images)) : undefined;
    const runAt = performance.now();
    const values = prep !== undefined || difference !== undefined ? await decoded.prep.data<'float32'>() : undefined;
    const { prepShape } = session.space.config;
    const painted = prep && paintPRep(values!, prepShape, network.architecture.parameters, prep);
    const apart = difference && (await paintDifference(session, decoded, values!, difference));
    return {
      ...{ classId, classIdProbabilities, x, y },
      ...{ decodeMs: decodedAt - started, runMs: runAt - decodedAt, paintMs: performance.now() - runAt },
      ...(painted && { prep: painted }),
      ...(apart && { difference: apart }),
      ...(answers && { accuracy: answers.accuracy, confusion: answers.confusion }),
    };
  } finally {
    decoded.dispose();
  }
}

/** What the PRep has more than that of another place. */
async function paintDifference(
  session: Session,
  { network, classId }: DecodedNetwork,
  values: Float32Array,
  { from, ...size }: NonNullable<LookRequest['difference']>,
): Promise<Picture> {
  const other = await decodeAt(session, embeddingAt(session, from));
  try {
    const before = await other.prep.data<'float32'>();
    // Of another architecture: its parameters lie elsewhere, and what is painted is all that differs.
    const wider = other.classId === classId ? network : [network, other.network].sort((a, b) => sizeOf(b) - sizeOf(a))[0]!;
    const apart = values.map((value, i) => value - before[i]!);
    return paintPRep(apart, session.space.config.prepShape, wider.architecture.parameters, size);
  } finally {
    other.dispose();
  }
}

const sizeOf = ({ parameters }: { readonly parameters: readonly tf.Tensor[] }): number =>
  parameters.reduce((sum, { size }) => sum + size, 0);
