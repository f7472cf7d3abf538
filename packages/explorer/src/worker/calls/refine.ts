import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { abortedSearch, refineEmbedding } from '@netspace/explore';
import { disposeInstances, type Instance, NetSpaceError, unpackPRep } from '@netspace/prep';
import { occupancyIou } from '@netspace/shapes';
import { type ImageDataset, imageBatch } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import { datasetOf } from '../images/dataset-of.js';
import { decodeAt } from '../places/decode-at.js';
import { imagesOfStep, LARGEST_BATCH } from '../images/images-of-step.js';
import { paintPRep } from '../paint-prep.js';
import { embeddingAt } from '../places/place.js';
import { onPlane } from '../plane/principal-plane.js';
import type { Likeness, Refined, RefineRequest, RefineStep } from '../refinement.js';
import { answersOn } from '../images/run-on-sample.js';
import type { Session } from '../session.js';
import { targetOf } from '../places/target-of.js';
import type { CallContext } from './call-context.js';

const MOST_STEPS = 2000;
const BATCH = { images: 128, points: 2048 };
const PICTURE = { width: 480, height: 96 };
/** Cells along an edge of the cube in which shapes are compared. */
const CELLS = 24;

/**
 * Refines an encoding: moves it, or the closest embedding that the space learned with, until the network that it decodes to does what the original
 * does. On a sample every other image is refined on; what is said of both is measured on the others.
 *
 * @throws NetSpaceError `NOT_FOUND` if the weights of the original are not here, `UNSUPPORTED` for classifiers without a sample
 */
export async function refine(session: Session, request: RefineRequest, { signal, progress }: CallContext<RefineStep>): Promise<Refined> {
  const { of, id, steps } = request;
  if (!(Number.isInteger(steps) && steps >= 1 && steps <= MOST_STEPS)) {
    throw new NetSpaceError('INVALID_OPTION', `refine: expected 1 to ${MOST_STEPS} steps, got ${steps}; change them`);
  }
  const images = session.manifest.kind === 'classifier' ? imagesOf(datasetOf(session)) : undefined;
  const start = embeddingAt(session, of);
  const target = await originalOf(session, of);
  const classId = session.space.classIdOf(target);
  const started = performance.now();
  try {
    const { embedding, done } = await search(session, target, start, { images, steps, signal, progress });
    const seconds = (performance.now() - started) / 1000;
    session.kept.set(id, embedding);
    const [x, y] = onPlane(session.plane, embedding);
    const likeness = likenessTo(session, target, classId, images);
    const own = images && (await answersOn(target, images.sample, images.measured));
    const [encoded, refined] = [await likeness(start, own?.said), await likeness(embedding, own?.said)];
    return { id, x, y, steps: done, seconds, encoded, refined, ...(own && { targetAccuracy: own.accuracy, images: own.said.length }) };
  } finally {
    disposeInstances([target]);
  }
}

interface Search {
  readonly images: Images | undefined;
  readonly steps: number;
  readonly signal: AbortSignal;
  readonly progress: (step: RefineStep) => void;
}

async function search({ space, size, known }: Session, target: Instance, start: Float32Array, { images, steps, signal, progress }: Search) {
  const from = tf.tensor2d(start, [1, size]);
  const others = known && tf.tensor2d(known, [known.length / size, size]);
  let done = 0;
  try {
    const { embedding } = await refineEmbedding(space, target, {
      ...{ start: from, steps, signal, readEvery: 1, batchSize: BATCH.points },
      ...(images && { inputs: images.ofStep }),
      ...(others && { known: others }),
      onStep: ({ step, loss }) => {
        done = step;
        progress({ step, steps, loss });
      },
    });
    return { embedding: await valuesOf(embedding), done };
  } catch (error) {
    const stopped = abortedSearch(error);
    if (stopped === undefined) throw error;
    return { embedding: await valuesOf(stopped.embedding), done };
  } finally {
    tf.dispose([from, ...(others ? [others] : [])]);
  }
}

/** Reads a tensor, and frees it. */
const valuesOf = async (tensor: tf.Tensor): Promise<Float32Array> => new Float32Array(await tensor.data().finally(() => tensor.dispose()));

interface Images {
  readonly sample: ImageDataset;
  readonly measured: readonly number[];
  /** The caller frees them; those of step −1 are the same each time. */
  readonly ofStep: (step: number) => tf.Tensor;
}

function imagesOf(sample: ImageDataset): Images {
  const all = Array.from({ length: sample.count }, (_, i) => i);
  const [searched, others] = [all.filter((i) => i % 2 === 0), all.filter((i) => i % 2 === 1)];
  return {
    sample,
    measured: (others.length > 0 ? others : all).slice(0, LARGEST_BATCH),
    ofStep(step) {
      const { images, labels } = imageBatch(sample, step < 0 ? searched.slice(0, 2 * BATCH.images) : imagesOfStep(searched, BATCH.images, step)); // prettier-ignore
      labels.dispose();
      return images;
    },
  };
}

/** The network itself: the caller frees it. */
async function originalOf(session: Session, of: RefineRequest['of']): Promise<Instance> {
  if (of.at === 'network') return targetOf(session, of.name);
  const brought = session.brought.get(of.id);
  if (brought === undefined) {
    throw new NetSpaceError('NOT_FOUND', `refine: expected a network that was brought, got ${of.id}, which is gone; bring it again`);
  }
  const architecture = session.space.architectures[brought.classId]!;
  const prepShape = [...session.space.config.prepShape] as [number, number];
  const parameters = tf.tidy(() => [...unpackPRep(tf.tensor2d(brought.prep, prepShape), architecture)]);
  return { architecture, parameters };
}

/** How like the original the network is that an embedding decodes to. */
function likenessTo(session: Session, target: Instance, classId: number, images: Images | undefined) {
  return async (embedding: Float32Array, said: Int32Array | undefined): Promise<Likeness> => {
    const decoded = await decodeAt(session, embedding, classId);
    try {
      const values = await decoded.prep.data<'float32'>();
      const prep = paintPRep(values, session.space.config.prepShape, target.architecture.parameters, PICTURE);
      if (images === undefined || said === undefined) {
        const iou = await occupancyIou(target, decoded.network, { resolution: CELLS, whenEmpty: NaN });
        return { prep, ...(Number.isFinite(iou) && { iou }) };
      }
      const its = await answersOn(decoded.network, images.sample, images.measured);
      const same = its.said.reduce((sum, one, i) => sum + Number(one >= 0 && one === said[i]), 0);
      return { prep, accuracy: its.accuracy, agreement: same / said.length };
    } finally {
      decoded.dispose();
    }
  };
}
