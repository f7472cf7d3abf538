import { type Architecture, NetSpaceError, type Purpose } from '@netspace/prep';
import type { NetSpace } from '@netspace/model';
import { coordinatesAt, coordinatesOf, FIELD_BOUNDS, randomAt } from '@netspace/train/internal';
import { createTensorDataset, type Dataset, type LabeledDataset, type TensorDataset } from '@netspace/zoo';
import { isLabeled } from '@netspace/zoo/internal';
import * as tf from '@tensorflow/tfjs-core';
import { type Command, Option } from 'commander';

import { isRandomSpec } from '../datasets/random-inputs.js';
import { readRunRecord } from '../runs/run-record.js';

/** What networks are measured as. */
export const MEASURED_TASKS = ['classification', 'regression', 'sdf', 'occupancy', 'rgb'] as const;
export type MeasuredTask = (typeof MEASURED_TASKS)[number];

/** The task of networks of each purpose; those of others may be measured as any. */
const TASK_OF: Readonly<Record<Purpose, MeasuredTask | undefined>> = {
  ...{ classifier: 'classification', regressor: 'regression', sdf: 'sdf', occupancy: 'occupancy', rgb: 'rgb', other: undefined },
};

/** Adds `--task` and `--head` to a command. */
export const addTaskOption = (command: Command): Command =>
  command
    .option('--head <output>', 'the output that is compared, of networks that have several (default: the one that training compared)')
    .addOption(
      new Option(
        '--task <kind>',
        "what the networks are measured as (default: what they are for, or what the space's training compared)",
      ).choices(MEASURED_TASKS),
    );

/** A space, and what is known of its task. */
export interface SpaceTask {
  readonly task: MeasuredTask;
  /** Where coordinates of fields are drawn. */
  readonly bounds: number;
  readonly coordinates: number | undefined;
  /** The output that is compared, of networks of several, as the options of measures take it. */
  readonly head: { readonly output?: string };
}

interface Said {
  readonly given?: MeasuredTask | undefined;
  readonly head?: string | undefined;
}

/**
 * What the networks of a space are measured as: what a command says, what they are for, or what the training in the folder compared; classifiers
 * where nothing says so.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the command says another task than what the networks are for, `UNSUPPORTED` for networks of several tasks
 */
export async function taskOfSpace(
  call: string,
  space: Pick<NetSpace, 'architectures'>,
  { folder, ...said }: Said & { readonly folder: string },
): Promise<SpaceTask> {
  return taskOf(call, space, { recorded: await recordedTask(folder), ...said });
}

/** The same, for a space that a config with this task describes. */
export function taskOf(
  call: string,
  { architectures }: Pick<NetSpace, 'architectures'>,
  { recorded, given, head }: Said & { readonly recorded: Readonly<Record<string, unknown>> },
): SpaceTask {
  const purpose = ownTask(call, architectures);
  // Three columns and one number have the architecture of a signed distance function; what was trained says which it is.
  const own = purpose?.task === 'sdf' && recorded['kind'] === 'regression' ? { ...purpose, task: 'regression' as const } : purpose;
  if (given !== undefined && own !== undefined && given !== own.task) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `${call}: expected task ${own.task} for ${own.name}, which is for that, got ${given}; leave it out`,
    );
  }
  const task = given ?? own?.task ?? MEASURED_TASKS.find((one) => one === recorded['kind']) ?? 'classification';
  const number = (key: string): number | undefined =>
    recorded['kind'] === task && typeof recorded[key] === 'number' ? recorded[key] : undefined;
  const output = head ?? (typeof recorded['output'] === 'string' ? recorded['output'] : undefined);
  return {
    task,
    head: output === undefined ? {} : { output },
    bounds: number('bounds') ?? (task === 'rgb' ? FIELD_BOUNDS.rgb : FIELD_BOUNDS.occupancy),
    coordinates: number('coordinates'),
  };
}

function ownTask(call: string, architectures: readonly Architecture[]): { readonly task: MeasuredTask; readonly name: string } | undefined {
  const known = architectures.flatMap(({ name, purpose = 'other' }) => {
    const task = TASK_OF[purpose];
    return task === undefined ? [] : [{ name, task }];
  });
  const [first] = known;
  const other = known.find(({ task }) => task !== first!.task);
  if (other === undefined) return first;
  throw new NetSpaceError('UNSUPPORTED', `${call}: expected networks of one task, got ${first!.name} for ${first!.task} and ${other.name} for ${other.task}; choose some of one`); // prettier-ignore
}

/** The task of the config that a run recorded. */
async function recordedTask(folder: string): Promise<Readonly<Record<string, unknown>>> {
  const record = await readRunRecord(folder).catch(() => undefined); // a space is a space, whatever lies beside it
  const config = record?.config;
  const task = typeof config === 'object' && config !== null && 'task' in config ? config.task : undefined;
  return typeof task === 'object' && task !== null ? (task as Readonly<Record<string, unknown>>) : {};
}

/** Whether networks give numbers, colors or what is inside. */
export const givesOutputs = (task: MeasuredTask): task is 'regression' | 'rgb' | 'occupancy' => task !== 'classification' && task !== 'sdf';

/** Refuses data beside shapes, which are compared at points. */
export function refuseDataOfShapes(call: string, { task }: SpaceTask, data: string | undefined): void {
  if (data === undefined || task !== 'sdf') return;
  throw new NetSpaceError('INVALID_OPTION', `${call}: expected no --data for networks of shapes, which are compared at points, got ${data}; leave it out`); // prettier-ignore
}

/** A data set with labels, which classifiers are measured by. */
export function labeled(call: string, dataset: Dataset): LabeledDataset {
  if (isLabeled(dataset)) return dataset;
  const remedy = isRandomSpec(dataset.name)
    ? 'random inputs have none: name a data set that has'
    : 'say which tensor, or column, has them (#labels=NAME)';
  throw new NetSpaceError('INVALID_OPTION', `${call}: expected labels in ${dataset.name} for classifiers, got none; ${remedy}, or name another --task`); // prettier-ignore
}

/** Points that a field is compared on, where there are no data. */
const POINTS = 20_000;

/** Coordinates of fields: random ones, the same for every network and call. */
export function drawnInputs(
  call: string,
  { architectures }: Pick<NetSpace, 'architectures'>,
  { bounds, coordinates }: SpaceTask,
): TensorDataset {
  const axes = coordinates ?? coordinatesOf(call, architectures);
  const inputs = coordinatesAt(randomAt(0, 'evaluate'), POINTS, { bounds, coordinates: axes });
  return createTensorDataset({ name: `${POINTS} random points within ±${bounds}`, inputs, shape: [axes] });
}

/** Coordinates that a step of a search looks at. */
const STEP_POINTS = 1024;

/** Coordinates of a field for each step of a search. */
export function drawnAt(call: string, { architectures }: Pick<NetSpace, 'architectures'>, { bounds, coordinates }: SpaceTask) {
  const axes = coordinates ?? coordinatesOf(call, architectures);
  return (step: number): tf.Tensor =>
    tf.tensor2d(coordinatesAt(randomAt(1, 'search', step), STEP_POINTS, { bounds, coordinates: axes }), [STEP_POINTS, axes]);
}
