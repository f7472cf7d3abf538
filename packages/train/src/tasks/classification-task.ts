import { accuracyGapLoss, multiArchitectureLoss, routeByTarget, singleArchitectureLoss, targetDistillationLoss } from '@netspace/losses';
import { NetSpaceError, type Instance } from '@netspace/prep';
import { imageBatch, type ImageDataset } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import { shuffledBatches } from '../batches/batches.js';
import { checkClassifier } from './check-task.js';
import { networkLogits, type CacheTargets } from './network-logits.js';
import { predictedRoute, type PredictedRoute } from './predicted-route.js';
import { runPReps, type Grouping } from './run-networks.js';
import type { TaskContext, TaskRunner } from './train-task.js';

/** Predicted networks classify images like a teacher, like their own targets, or like the labels say. */
export interface ClassificationTask {
  readonly kind: 'classification';
  /** The images that networks are compared on. */
  readonly dataset: ImageDataset;
  /**
   * Whom the predicted networks imitate: each its own target (equation 1), one well-trained network for all (3), or nobody,
   * learning from the labels. With a single architecture only the targets make sense.
   */
  readonly teacher?: Instance | 'targets' | 'labels';
  /** Share of the imitation, against cross-entropy with the labels; 0.9 with a teacher as in the paper, 1 with targets. */
  readonly alpha?: number;
  readonly temperature?: number;
  readonly squaredTemperature?: boolean;
  /**
   * Power, 0 to 1, of the variance of its target's logits by which each network's loss is divided, so that poor networks count as good ones do
   * (see `singleArchitectureLoss`); not in the paper. Where each imitates its own target.
   */
  readonly relative?: number;
  /**
   * Factor of what is added where predicted networks are right more often or less often than their targets (see `accuracyGapLoss`); 0 unless given, as
   * in the paper. Where each imitates its own target.
   */
  readonly accuracyGap?: number;
  /** Whether networks between the smallest and the largest architecture are trained too, (7) to (11); needs three architectures. */
  readonly interpolation?: boolean;
  /**
   * Factors of the terms; 1 unless given. Where each network of several architectures imitates its own target, a class loss of full weight
   * drowns what tells networks of one architecture apart: `classId: 0.01` keeps it.
   */
  readonly weights?: { readonly classId?: number; readonly task?: number; readonly interpolation?: number };
  /** As which architecture a predicted network runs: what its class head says, as in the paper, or what it should be. */
  readonly route?: 'predicted' | 'target';
  /** Whether predicted networks of one architecture run at once. */
  readonly grouping?: Grouping;
  /**
   * Whether what targets and teacher say of an image is computed once and remembered, as N images × Z networks × classes floats; `auto`:
   * where that is at most 32 MiB and the run long enough to gain by it. Losses are the same either way.
   */
  readonly cacheTargets?: CacheTargets;
}

/** Makes a classification task ready to run; see {@link ClassificationTask}. */
export function classificationTask(task: ClassificationTask, context: TaskContext): TaskRunner {
  const { accuracyGap = 0 } = task;
  if (!(accuracyGap >= 0 && Number.isFinite(accuracyGap))) {
    throw new NetSpaceError('INVALID_OPTION', `trainNetSpace: expected an accuracyGap from 0 up, got ${accuracyGap}`);
  }
  const firsts = context.space.architectures.map(({ name }) => context.instances.find(({ architecture }) => architecture.name === name));
  for (const instance of firsts) if (instance !== undefined) checkClassifier('trainNetSpace', instance, task.dataset);
  return context.space.architectures.length === 1 ? singleTask(task, context) : multiTask(task, context);
}

function singleTask(task: ClassificationTask, { space, instances, inputs, seed, steps, nets: size }: TaskContext): TaskRunner {
  const {
    dataset,
    temperature = 4,
    squaredTemperature = true,
    grouping = 'auto',
    teacher = 'targets',
    relative = 0,
    accuracyGap = 0,
    cacheTargets = 'auto',
  } = task;
  if (teacher !== 'targets') {
    throw new NetSpaceError('INVALID_OPTION', "trainNetSpace: expected teacher 'targets' with one architecture, got another; leave it out");
  }
  const batches = shuffledBatches({ count: dataset.count, size: inputs, seed, stream: 'images' });
  const logits = networkLogits({ instances, dataset, inputs, asked: steps * size * inputs, cache: cacheTargets });
  return {
    terms: ['loss'],
    description: {
      kind: 'classification',
      dataset: dataset.name,
      images: dataset.count,
      temperature,
      squaredTemperature,
      relative,
      grouping,
      ...(accuracyGap > 0 && { accuracyGap }),
    },
    prepare(step, nets) {
      const indices = batches(step);
      const { images, labels } = imageBatch(dataset, indices);
      const targets = logits.of(nets, { indices, images });
      return (batch) => {
        const { preps: predicted } = space.decode(space.encode(batch));
        const students = runPReps(space.architectures, predicted, batch.classIds, images, grouping);
        const imitation = singleArchitectureLoss(students, targets, { temperature, squaredTemperature, relative });
        if (accuracyGap === 0) return [imitation];
        return [tf.add<tf.Scalar>(imitation, tf.mul(accuracyGapLoss(students, targets, labels), accuracyGap))];
      };
    },
    dispose: () => logits.dispose(),
  };
}

function multiTask(task: ClassificationTask, { space, instances, inputs, seed, steps, nets: size }: TaskContext): TaskRunner {
  const { dataset, teacher = 'targets', temperature = 4, squaredTemperature = true, grouping = 'auto' } = task;
  const { alpha = teacher === 'targets' ? 1 : 0.9, weights = {}, route = 'predicted', interpolation = true } = task;
  const { relative = 0, accuracyGap = 0, cacheTargets = 'auto' } = task;
  for (const [name, value] of Object.entries({ relative, accuracyGap })) {
    if (value === 0 || teacher === 'targets') continue;
    throw new NetSpaceError(
      'INVALID_OPTION',
      `trainNetSpace: expected teacher 'targets' with ${name} ${value}, got another; leave ${name} out`,
    );
  }
  const batches = shuffledBatches({ count: dataset.count, size: inputs, seed, stream: 'images' });
  const architectures = space.architectures.length;
  const imitated = teacher === 'targets' ? instances : teacher === 'labels' ? [] : [teacher];
  const asked = steps * Math.min(size, imitated.length) * inputs;
  const logits = networkLogits({ instances: imitated, dataset, inputs, asked, cache: cacheTargets });
  const { route: routed, readAhead }: PredictedRoute =
    route === 'predicted' ? predictedRoute(space, { interpolation }) : { route: routeByTarget };
  const options = {
    alpha,
    temperature,
    squaredTemperature,
    weights,
    interpolation,
    relative,
    accuracyGap,
    route: routed,
  };
  return {
    terms: ['loss', 'classId', 'distillation', 'crossEntropy', 'interpolation'],
    description: {
      kind: 'classification',
      ...{ dataset: dataset.name, images: dataset.count, teacher: typeof teacher === 'string' ? teacher : teacher.architecture.name },
      ...{ alpha, temperature, squaredTemperature, weights, interpolation, route, grouping, ...(relative > 0 && { relative }) },
      ...(accuracyGap > 0 && { accuracyGap }),
    },
    prepare(step, nets) {
      const indices = batches(step);
      const { images, labels } = imageBatch(dataset, indices);
      const targets = teacher === 'targets' ? logits.of(nets, { indices, images }) : undefined;
      const teacherLogits = typeof teacher === 'string' ? undefined : logits.of([0], { indices, images })[0];
      return (batch) => {
        const inputsOfLoss = {
          ...{ embeddings: space.encode(batch), classIds: batch.classIds, architectures, labels },
          decode: (embeddings: tf.Tensor2D, ids: readonly number[]) =>
            space.decode(embeddings, route === 'target' ? { classIds: ids } : {}),
          forward: (predicted: tf.Tensor3D, ids: readonly number[]) => runPReps(space.architectures, predicted, ids, images, grouping),
        };
        const loss =
          targets === undefined
            ? multiArchitectureLoss({ ...inputsOfLoss, teacher: teacherLogits }, { ...options, distillation: teacher !== 'labels' })
            : targetDistillationLoss({ ...inputsOfLoss, targets }, options);
        return [loss.total, loss.classId, loss.distillation, loss.crossEntropy, loss.interpolation?.total ?? tf.scalar(0)];
      };
    },
    ...(readAhead && { readAhead }),
    dispose: () => logits.dispose(),
  };
}
