import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { abortedSearch, latentObjective, type LatentObjective, optimizeLatent } from '@netspace/explore';
import { disposeInstances, type Instance, NetSpaceError } from '@netspace/prep';
import { type ImageDataset, imageBatch } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import { datasetOf } from '../images/dataset-of.js';
import { decodeAt } from '../places/decode-at.js';
import { imagesOfStep, LARGEST_BATCH } from '../images/images-of-step.js';
import { isRunnable } from '../places/is-runnable.js';
import { visitorsImages } from '../images/normalized-images.js';
import { embeddingAt } from '../places/place.js';
import { onPlane } from '../plane/principal-plane.js';
import type { OptimizeRequest, OptimizeStep } from '../messages/protocol.js';
import { answersOn } from '../images/run-on-sample.js';
import type { Session } from '../session.js';
import { targetOf } from '../places/target-of.js';
import { backgroundTurn } from '../messages/turns.js';
import { weightSteps } from '../weight-steps.js';
import type { CallContext } from './call-context.js';

const MOST_STEPS = 10_000;

/**
 * Latent space optimization: walks down the loss from a place, with the architecture that it decodes to there, and keeps the place that is
 * reached, also when it is stopped. On the sample every other image is searched on; accuracy is that on the others.
 */
export async function optimize(
  session: Session,
  request: OptimizeRequest,
  { signal, progress }: CallContext<OptimizeStep>,
): Promise<OptimizeStep> {
  const { from, id, steps, learningRate, compareWeights, teacher: wanted = 'labels' } = request;
  checkRequest(request);
  const sample = datasetOf(session);
  const { searched, indices, measured } = imagesOf(sample, request);
  const start = embeddingAt(session, from);
  const decoded = await decodeAt(session, start);
  const { classId, network } = decoded;
  const teacher = wanted === 'best' ? await bestOf(session) : undefined;
  const weights = compareWeights && isRunnable(network.architecture) ? weightSteps(network, learningRate) : undefined;
  const points: tf.Tensor[] = [];
  let last: OptimizeStep | undefined;
  let reports = Promise.resolve();
  try {
    decoded.dispose();
    if (!isRunnable(network.architecture)) throw new NetSpaceError('UNSUPPORTED', `optimize: expected a network that runs, got ${network.architecture.name}`); // prettier-ignore
    const batchAt = (step: number) => {
      const { images, labels } = imageBatch(searched, imagesOfStep(indices, request.batch, step));
      const logits = teacher === undefined ? tf.zeros<tf.Rank.R2>([images.shape[0], searched.classes]) : (teacher.architecture.apply(teacher.parameters, images) as tf.Tensor2D); // prettier-ignore
      return { images, labels, teacher: logits };
    };
    const alpha = teacher === undefined ? 0 : 0.9;
    const objective = latentObjective({ space: session.space, classId, batch: batchAt, alpha });
    const watched: LatentObjective = Object.assign(
      (...[point, step]: Parameters<LatentObjective>) => {
        points.push(tf.keep(tf.clone(point.embedding)));
        return objective(point, step);
      },
      { classId },
    );
    const report = async (step: number, loss: number): Promise<void> => {
      const tensor = points.shift()!;
      const embedding = new Float32Array(await tensor.data());
      tensor.dispose();
      session.kept.set(id, embedding);
      const reached = await decodeAt(session, embedding, classId);
      try {
        const [x, y] = onPlane(session.plane, embedding);
        const { accuracy } = await answersOn(reached.network, sample, measured);
        const beside = weights && (await weights.next(() => batchAt(step), alpha, step < steps));
        const besideAccuracy = weights && (await answersOn(weights.network, sample, measured)).accuracy;
        last = { step, loss, accuracy, x, y, ...(weights && { weightsLoss: beside!, weightsAccuracy: besideAccuracy! }) };
        progress(last);
      } finally {
        reached.dispose();
      }
    };
    const embedding = tf.tensor2d(start, [1, session.size]);
    try {
      const search = await optimizeLatent(session.space, embedding, {
        ...{ loss: watched, steps, learningRate, keep: 'last', readEvery: 1, signal },
        onStep: ({ step, loss }) => {
          reports = reports.then(() => report(step, loss)).then(() => backgroundTurn(signal).catch(() => undefined));
        },
      });
      search.embedding.dispose();
    } catch (error) {
      const stopped = abortedSearch(error);
      if (stopped !== undefined) session.kept.set(id, new Float32Array(await stopped.embedding.data()));
      stopped?.embedding.dispose();
      throw error;
    } finally {
      embedding.dispose();
      await reports;
    }
    return last!;
  } finally {
    weights?.dispose();
    tf.dispose(points);
    disposeInstances(teacher === undefined ? [] : [teacher]);
  }
}

function checkRequest({ steps, learningRate, batch }: OptimizeRequest): void {
  const fits =
    Number.isInteger(steps) && steps >= 1 && steps <= MOST_STEPS && learningRate > 0 && Number.isFinite(learningRate) && batch >= 1;
  if (fits) return;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `optimize: expected 1 to ${MOST_STEPS} steps, a positive learning rate and 1 image a step or more, got ${steps}, ${learningRate} and ${batch}; change them`,
  );
}

/** What is searched on and what accuracy is measured on: never the same images. */
function imagesOf(sample: ImageDataset, { on }: OptimizeRequest) {
  const all = Array.from({ length: sample.count }, (_, i) => i);
  if (on !== 'sample') {
    const searched = visitorsImages(sample, on.images, on.labels);
    return {
      searched,
      indices: all.slice(0, 0).concat(Array.from({ length: searched.count }, (_, i) => i)),
      measured: all.slice(0, LARGEST_BATCH),
    };
  }
  const odd = all.filter((i) => i % 2 === 1);
  return { searched: sample, indices: all.filter((i) => i % 2 === 0), measured: (odd.length > 0 ? odd : all).slice(0, LARGEST_BATCH) };
}

/** The network of highest accuracy of which the weights are here. */
async function bestOf(session: Session): Promise<Instance> {
  const [best] = session.manifest.networks
    .filter(({ name }) => session.withWeights.has(name))
    .sort((a, b) => (b.metrics['testAccuracy'] ?? 0) - (a.metrics['testAccuracy'] ?? 0));
  if (best === undefined)
    throw new NetSpaceError('NOT_FOUND', 'optimize: expected a network with weights as teacher, got none; learn from the labels');
  return targetOf(session, best.name);
}
