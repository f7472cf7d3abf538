import { classIdLoss, occupancyLoss, squaredErrorLoss } from '@netspace/losses';
import { NetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { givenInputs } from './given-inputs.js';
import { networkLogits } from './network-logits.js';
import type { OutputsTask } from './outputs-task-options.js';
import { runInstances, runPReps } from './run-networks.js';
import type { TaskContext, TaskRunner } from './train-task.js';

/**
 * Makes a task ready to run in which networks give numbers; see `RegressionTask`, `RgbTask` and `OccupancyTask`. In a space of several
 * architectures, each predicted network runs as the architecture of its target, and the class head learns in addition.
 *
 * @throws NetSpaceError `SHAPE_MISMATCH` if the networks take other inputs, or the architectures give outputs of different sizes; `INVALID_OPTION`
 *   if nothing says how many coordinates a network takes, or for bounds of coordinates that are given
 */
export function outputsTask(task: OutputsTask, context: TaskContext): TaskRunner {
  const { space, architectures, instances, inputs, nets: size, steps } = context;
  const { kind, dataset, grouping, classWeight } = task;
  const loss = kind === 'occupancy' ? occupancyLoss : squaredErrorLoss;
  const several = space.architectures.length > 1;
  const given = givenInputs(task, context);
  const width = outputWidth(context, () => given.example());
  const cache = kind === 'regression' ? task.cacheTargets : 'auto';
  const finite = typeof dataset === 'function' ? undefined : dataset;
  const known = finite && networkLogits({ instances, dataset: finite, width, inputs, asked: steps * size * inputs, cache });
  const weight = several ? classWeight : 0;
  return {
    terms: ['loss', ...(several ? ['outputs', ...(weight > 0 ? ['classId'] : [])] : [])],
    description: {
      kind,
      ...given.description,
      grouping,
      ...(several && { classWeight }),
      ...(task.output !== undefined && { output: task.output }),
    },
    prepare(step, nets) {
      const { indices, x } = given.of(step);
      const targets = known?.of(nets, { indices, images: x }) ?? runInstances(nets.map((net) => instances[net]!), x); // prettier-ignore
      return (batch, embeddings) => {
        const { preps, classLogits } = space.decode(embeddings, several ? { classIds: batch.classIds } : {});
        const outputs = runPReps(architectures, preps, batch.classIds, x, grouping);
        const difference = loss(tf.concat(outputs, 0), tf.concat(targets, 0));
        if (!several) return [difference];
        const classId = tf.mul<tf.Scalar>(weight > 0 ? classIdLoss(classLogits!, batch.classIds) : 0, weight / batch.classIds.length);
        return [tf.add<tf.Scalar>(difference, classId), difference, ...(weight > 0 ? [classId] : [])];
      };
    },
    ...(kind === 'occupancy' && { start: () => checkOccupancy(context, given.of(0)) }),
    runTargets: async (nets, between) => known?.ahead(nets, between),
    dispose: () => known?.dispose(),
  };
}

/** Refuses a target whose outputs all lie from 0 to 1: they are probabilities, no logits. */
async function checkOccupancy({ instances: [first] }: TaskContext, { x }: { readonly x: tf.Tensor }): Promise<void> {
  const extremes = tf.tidy(() => {
    const values = runInstances([first!], x)[0]!;
    return tf.stack([tf.min(values), tf.max(values)]);
  });
  x.dispose();
  const [low, high] = await extremes.data().finally(() => extremes.dispose());
  if (low! < 0 || high! > 1) return;
  throw new NetSpaceError('UNSUPPORTED', `trainNetSpace: expected occupancy as logits, inside where positive, got outputs from ${low} to ${high} of ${first!.architecture.name}, as of a sigmoid; export the network without it`); // prettier-ignore
}

/** How many numbers a network gives for one input; all architectures must agree. */
function outputWidth({ space, instances }: TaskContext, example: () => tf.Tensor): number {
  const firsts = space.architectures.flatMap(({ name }) => instances.find(({ architecture }) => architecture.name === name) ?? []);
  const shapes = firsts.map(({ architecture, parameters }) => ({
    name: architecture.name,
    shape: tf.tidy(() => architecture.apply(parameters, example()).shape),
  }));
  const [first] = shapes;
  for (const { name, shape } of shapes) {
    if (shape[0] === 1 && tf.util.arraysEqual(shape, first!.shape)) continue;
    const expected = shape[0] === 1 ? `outputs of [${first!.shape}], as of ${first!.name},` : 'one row for one input';
    throw new NetSpaceError('SHAPE_MISMATCH', `trainNetSpace: expected ${expected} of ${name}, got [${shape}]; make a space of networks of one task`); // prettier-ignore
  }
  return first!.shape.reduce((product, side) => product * side, 1);
}
