import { accuracy, latentObjective, type LatentObjective, outputsObjective, teacherBatch } from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import { type Architecture, type Instance, NetSpaceError } from '@netspace/prep';
import { instanceOfOutput, ofOutput } from '@netspace/prep/internal';
import { shuffledBatches } from '@netspace/train/internal';
import { outputError, predictOutputs } from '@netspace/zoo';
import { inputsOf } from '@netspace/zoo/internal';

import type { parseDatasetSpec } from '../datasets/dataset-spec.js';
import { drawnAt, drawnInputs, labeled, type SpaceTask } from './measured-task.js';

/** What a search minimizes, and what is measured before it and after. */
export interface Goal {
  /** What is measured. */
  readonly name: string;
  show(value: number): string;
  objective(classId: number): LatentObjective;
  measure(instance: Instance): Promise<number>;
}

interface Wanted {
  readonly space: NetSpace;
  readonly teacher: Instance;
  readonly source: ReturnType<typeof parseDatasetSpec> | undefined;
  readonly task: SpaceTask;
  readonly images: number;
  readonly seed: number;
  readonly limit?: number | undefined;
}

/**
 * How a network is made to do what a teacher does: classifiers by their logits and accuracy, others by their outputs.
 *
 * @throws NetSpaceError `INVALID_OPTION` if data are missing or have no labels, `UNSUPPORTED` for shapes
 */
export async function goalOf(wanted: Wanted): Promise<Goal> {
  const { task } = wanted.task;
  if (task === 'classification') return classifierGoal(wanted);
  if (task !== 'sdf') return outputsGoal(wanted);
  throw new NetSpaceError('UNSUPPORTED', `optimize: expected classifiers, or networks of numbers, got ${wanted.teacher.architecture.name}, which is for shapes; for them use encode --refine, or optimizeLatent in a program`); // prettier-ignore
}

/** Architectures and a teacher that give the one output that is compared. */
const ofHead = (
  { architectures }: NetSpace,
  teacher: Instance,
  { head: { output } }: SpaceTask,
): { readonly space: { readonly architectures: readonly Architecture[] }; readonly teacher: Instance } => ({
  space: { architectures: architectures.map((architecture) => ofOutput('optimize', architecture, output)) },
  teacher: instanceOfOutput('optimize', teacher, output),
});

const noData = (what: string): NetSpaceError => new NetSpaceError('INVALID_OPTION', `optimize: expected --data for ${what}, got none`);

async function classifierGoal({ space: whole, teacher: given, source, task, images: size, seed, limit }: Wanted): Promise<Goal> {
  if (source === undefined) throw noData('classifiers');
  const { space, teacher } = ofHead(whole, given, task);
  const train = labeled('optimize', await source.load('train'));
  const test = labeled('optimize', await source.load('test'));
  const batches = shuffledBatches({ count: train.count, size, stream: 'images', seed, caller: 'optimize', option: '--images' });
  return {
    name: 'accuracy',
    show: (value) => value.toFixed(3),
    objective: (classId) => latentObjective({ space, batch: (step) => teacherBatch(train, batches(step), teacher), classId }),
    measure: (instance) => accuracy(instance, test, { ...task.head, ...(limit !== undefined && { limit }) }),
  };
}

async function outputsGoal({ space: whole, teacher: given, source, task, images: size, seed, limit }: Wanted): Promise<Goal> {
  if (source === undefined && task.task === 'regression') throw noData('networks that give numbers');
  const { space, teacher } = ofHead(whole, given, task);
  const train = await source?.load('train');
  const test = source === undefined ? drawnInputs('optimize', space, task) : await source.load('test');
  const batches = train && shuffledBatches({ count: train.count, size, stream: 'images', seed, caller: 'optimize', option: '--images' });
  const drawn = train === undefined ? drawnAt('optimize', space, task) : undefined;
  const loss = task.task === 'occupancy' ? 'occupancy' : 'squared-error';
  const options = { ...task.head, ...(limit !== undefined && { limit }) };
  const wanted = await predictOutputs(teacher, test, options);
  return {
    name: "mean squared difference from the teacher's outputs",
    show: (value) => value.toExponential(3),
    objective: (classId) =>
      outputsObjective({ space, teacher, classId, loss, inputs: drawn ?? ((step) => inputsOf(train!, batches!(step))) }),
    async measure(instance) {
      const { values, width } = await predictOutputs(instance, test, options);
      return outputError(values, wanted.values, width).mse;
    },
  };
}
