import { multiArchitectureLoss, routeByTarget, singleArchitectureLoss, targetDistillationLoss } from '@netspace/losses';
import { distillationLossOptions, imitationOptions, termWeights } from '@netspace/losses/internal';
import {
  choose,
  flag,
  forbidden,
  instanceOfOutput,
  type GivenBy,
  instance,
  objectOf,
  oneOf,
  optional,
  refuseOptions,
  share,
  text,
  type UsedBy,
  withDefault,
} from '@netspace/prep/internal';
import { labeledBatch, labeledDataset } from '@netspace/zoo/internal';
import * as tf from '@tensorflow/tfjs-core';

import { shuffledBatches } from '../batches/batches.js';
import { checkClassifier } from './check-task.js';
import { cacheTargetsOption, networkLogits } from './network-logits.js';
import { predictedRoute, type PredictedRoute } from './predicted-route.js';
import { groupingOption, runPReps } from './run-networks.js';
import type { TaskContext, TaskRunner } from './train-task.js';

const anyTeacher = {
  kind: oneOf(['classification']),
  /**
   * Name of the output that is compared, of networks that have several.
   * @default the only one
   */
  output: optional(text),
  /** The images, or labeled tensors, that networks are compared on. */
  dataset: labeledDataset,
  /**
   * Whether interpolated networks between the smallest and the largest architecture are trained too, equations (7) to (11). For several
   * architectures.
   * @default true
   */
  interpolation: optional(flag),
  /**
   * Factors of the terms. If each network of several architectures imitates its own target, a class loss of full weight hides the
   * differences between networks of one architecture; `classId: 0.01` keeps them. For several architectures.
   * @default 1 each
   */
  weights: optional(termWeights),
  /**
   * The architecture that a predicted network runs as: `predicted`, that of the class head, as in the paper, or `target`, that of its
   * target. For several architectures.
   * @default 'predicted'
   */
  route: optional(oneOf(['predicted', 'target'])),
  /**
   * Whether predicted networks of one architecture run together.
   * @default 'auto'
   */
  grouping: groupingOption,
};
const anyNetwork = {
  ...anyTeacher,
  ...distillationLossOptions.entries,
  /**
   * α of equation (5): the share of the imitation, against cross-entropy with the labels. For several architectures.
   * @default 0.9 with a teacher, as in the paper, and 1 with targets
   */
  alpha: optional(share),
  /**
   * Whether the logits of targets and teacher for an image are computed once and remembered, as N images × Z networks × classes floats.
   * `auto` remembers them if they take at most 32 MiB and the run is long enough to gain by it. Losses are the same either way.
   * @default 'auto'
   */
  cacheTargets: cacheTargetsOption,
};
const noTargets = (reason: string) => ({ relative: forbidden(reason), accuracyGap: forbidden(reason) });
const noNetworks = (reason: string) => ({
  ...noTargets(reason),
  ...{ alpha: forbidden(reason), temperature: forbidden(reason), squaredTemperature: forbidden(reason), cacheTargets: forbidden(reason) },
});

/** Each predicted network imitates its own target, equation (1). */
export const targetsTask = objectOf({
  ...anyNetwork,
  ...imitationOptions.entries,
  /**
   * Each network's own target.
   * @default 'targets'
   */
  teacher: withDefault(oneOf(['targets']), 'targets'),
});
/** All predicted networks imitate one well-trained network, equation (3). For several architectures. */
export const teacherTask = objectOf({
  ...anyNetwork,
  ...noTargets('with one teacher'),
  /** The network that all predicted networks imitate. */
  teacher: instance,
});
/** Predicted networks imitate no other network and learn from the labels, equation (4). For several architectures. */
export const labelsTask = objectOf({
  ...anyTeacher,
  ...noNetworks("with teacher 'labels'"),
  /** No network: the labels teach. */
  teacher: oneOf(['labels']),
});

/** Each predicted network imitates its own target, equation (1). */
export interface TargetsTask extends GivenBy<typeof targetsTask> {}
/** All predicted networks imitate one well-trained network, equation (3). For several architectures. */
export interface TeacherTask extends GivenBy<typeof teacherTask> {}
/** Predicted networks imitate no other network and learn from the labels, equation (4). For several architectures. */
export interface LabelsTask extends GivenBy<typeof labelsTask> {}

/** The classification task, told apart by its teacher. */
export const classificationTaskOptions = choose('a classification task', (given) => {
  const teacher = typeof given === 'object' && given !== null && 'teacher' in given ? given.teacher : undefined;
  return typeof teacher === 'object' && teacher !== null ? teacherTask : teacher === 'labels' ? labelsTask : targetsTask;
});

/** Predicted networks learn to classify images as their own targets, a teacher or the labels do. */
export type ClassificationTask = TargetsTask | TeacherTask | LabelsTask;
type UsedTask = UsedBy<typeof classificationTaskOptions>;

const FOR_MESSAGES = { caller: 'trainNetSpace', option: 'batch.inputs' };

/** Options without meaning for one architecture. */
const FOR_SEVERAL = ['alpha', 'weights', 'route', 'interpolation'] as const;

/**
 * Makes a classification task ready to run; see {@link ClassificationTask}.
 *
 * @throws NetSpaceError `INVALID_OPTION` for options, or a teacher, without meaning for one architecture
 */
export function classificationTask(task: UsedTask, context: TaskContext): TaskRunner {
  const several = context.space.architectures.length > 1;
  if (!several) refuseForOne(task);
  const firsts = context.space.architectures.map(({ name }) => context.instances.find(({ architecture }) => architecture.name === name));
  for (const first of firsts) if (first !== undefined) checkClassifier('trainNetSpace', first, task.dataset);
  return several ? multiTask(task, context) : singleTask(task as UsedBy<typeof targetsTask>, context);
}

function refuseForOne(task: UsedTask): void {
  const given = { 'task.teacher': task.teacher === 'targets' ? undefined : task.teacher };
  for (const key of FOR_SEVERAL) Object.assign(given, { [`task.${key}`]: task[key] });
  refuseOptions('trainNetSpace', given, Object.keys(given), 'with one architecture');
}

function singleTask(
  task: UsedBy<typeof targetsTask>,
  { space, architectures, instances, inputs, seed, steps, nets: size }: TaskContext,
): TaskRunner {
  const { dataset, temperature, squaredTemperature, grouping, relative, accuracyGap, cacheTargets } = task;
  const batches = shuffledBatches({ count: dataset.count, size: inputs, seed, stream: 'images', ...FOR_MESSAGES });
  const logits = networkLogits({ instances, dataset, width: dataset.classes, inputs, asked: steps * size * inputs, cache: cacheTargets });
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
      ...(task.output !== undefined && { output: task.output }),
    },
    prepare(step, nets) {
      const indices = batches(step);
      const { images, labels } = labeledBatch(dataset, indices);
      const targets = logits.of(nets, { indices, images });
      return (batch, embeddings) => {
        const { preps: predicted } = space.decode(embeddings);
        const students = runPReps(architectures, predicted, batch.classIds, images, grouping);
        return [singleArchitectureLoss(students, targets, { temperature, squaredTemperature, relative, accuracyGap, labels })];
      };
    },
    runTargets: (nets, between) => logits.ahead(nets, between),
    dispose: () => logits.dispose(),
  };
}

function multiTask(task: UsedTask, { space, architectures: run, instances, inputs, seed, steps, nets: size }: TaskContext): TaskRunner {
  const { dataset, teacher, grouping, weights = {}, route = 'predicted', interpolation = true } = task;
  // The values in the record of a task that does not have these options. The settings of a checkpoint are compared with them.
  const { temperature = 4, squaredTemperature = true, relative = 0, accuracyGap = 0, cacheTargets = 'auto' } = task;
  const alpha = task.alpha ?? (teacher === 'targets' ? 1 : 0.9);
  const batches = shuffledBatches({ count: dataset.count, size: inputs, seed, stream: 'images', ...FOR_MESSAGES });
  const architectures = space.architectures.length;
  const imitated =
    teacher === 'targets' ? instances : teacher === 'labels' ? [] : [instanceOfOutput('trainNetSpace', teacher, task.output)];
  const asked = steps * Math.min(size, imitated.length) * inputs;
  const logits = networkLogits({ instances: imitated, dataset, width: dataset.classes, inputs, asked, cache: cacheTargets });
  const { route: routed, readAhead }: PredictedRoute =
    route === 'predicted' ? predictedRoute(space, { interpolation }) : { route: routeByTarget };
  const options = { weights, interpolation, route: routed };
  const taught = { ...options, alpha, temperature, squaredTemperature };
  const factors = termFactors({ weights, teaching: teacher === 'labels' ? 0 : alpha, accuracyGap, interpolation });
  const termNames = TERMS.filter((name) => name === 'classId' || factors[name] > 0);
  return {
    terms: ['loss', ...termNames],
    description: {
      kind: 'classification',
      ...{ dataset: dataset.name, images: dataset.count, teacher: typeof teacher === 'string' ? teacher : teacher.architecture.name },
      ...{ alpha, temperature, squaredTemperature, weights, interpolation, route, grouping, ...(relative > 0 && { relative }) },
      ...(accuracyGap > 0 && { accuracyGap }),
      ...(task.output !== undefined && { output: task.output }),
    },
    prepare(step, nets) {
      const indices = batches(step);
      const { images, labels } = labeledBatch(dataset, indices);
      const targets = teacher === 'targets' ? logits.of(nets, { indices, images }) : undefined;
      const teacherLogits = typeof teacher === 'string' ? undefined : logits.of([0], { indices, images })[0];
      return (batch, embeddings) => {
        const inputsOfLoss = {
          ...{ embeddings, classIds: batch.classIds, architectures, labels },
          decode: (moved: tf.Tensor2D, ids: readonly number[]) => space.decode(moved, route === 'target' ? { classIds: ids } : {}),
          forward: (predicted: tf.Tensor3D, ids: readonly number[]) => runPReps(run, predicted, ids, images, grouping),
        };
        const loss =
          targets === undefined
            ? multiArchitectureLoss(
                { ...inputsOfLoss, teacher: teacherLogits },
                teacher === 'labels' ? { ...options, distillation: false } : taught,
              )
            : targetDistillationLoss({ ...inputsOfLoss, targets }, { ...taught, relative, accuracyGap });
        const gap = 'accuracyGap' in loss ? loss.accuracyGap : undefined;
        const { classId, distillation, crossEntropy } = loss;
        const parts = { classId, distillation, crossEntropy, accuracyGap: gap, interpolation: loss.interpolation?.total };
        return [loss.total, ...termNames.map((name) => tf.mul<tf.Scalar>(parts[name] ?? 0, factors[name]))];
      };
    },
    ...(readAhead && { readAhead }),
    runTargets: (nets, between) => logits.ahead(teacher === 'targets' ? nets : [...imitated.keys()], between),
    dispose: () => logits.dispose(),
  };
}

/** The terms of which the loss is the sum. */
const TERMS = ['classId', 'distillation', 'crossEntropy', 'accuracyGap', 'interpolation'] as const;

/** How often each term counts in the loss. What is read of a training is the terms times these: they add up to the loss. */
function termFactors({
  weights: { classId = 1, task = 1, interpolation: between = 1 },
  teaching,
  accuracyGap,
  interpolation,
}: {
  readonly weights: UsedBy<typeof termWeights>;
  readonly teaching: number;
  readonly accuracyGap: number;
  readonly interpolation: boolean;
}): Readonly<Record<(typeof TERMS)[number], number>> {
  return {
    ...{ classId, distillation: task * teaching, crossEntropy: task * (1 - teaching) },
    ...{ accuracyGap: accuracyGap > 0 ? task : 0, interpolation: interpolation ? between : 0 },
  };
}
