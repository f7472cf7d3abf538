import { NetSpace, type StartOptions, type Units } from '@netspace/model';
import { NetSpaceError, parameterCount, requiredPRepShape, type Architecture, type Instance, type PRepShape } from '@netspace/prep';
import { architectureByName, type InstanceRecord } from '@netspace/zoo';

import { parseDatasetSpec } from '../datasets/dataset-spec.js';
import type { TrainTask } from '@netspace/train';
import { loadEntries, openZoo, type ZooEntry } from './open-zoo.js';
import type { TrainConfig } from './train-config.js';

/** What a training config stands for. */
export interface PreparedTraining {
  readonly space: NetSpace;
  readonly entries: readonly ZooEntry[];
  readonly task: TrainTask;
  /** Names of the instances that are kept from the space. */
  readonly heldOut: readonly string[];
}

/** Opens the zoo, makes the space and loads the data that a config names. */
export async function prepareTraining(config: TrainConfig): Promise<PreparedTraining> {
  const { store, records } = await openZoo(config.zoo);
  const heldOut = heldOutNames(config, records);
  const entries = await loadEntries(
    store,
    records.filter(({ name }) => !heldOut.includes(name)),
  );
  if (entries.length === 0) throw new NetSpaceError('INVALID_OPTION', `train: holdOut leaves no instance of ${config.zoo} to train on`);
  const names = new Set([...records.map(({ architecture }) => architecture), ...config.architectures]);
  const architectures = [...names].map(architectureByName);
  const { prepShape = smallestPRepShape(architectures), preset, start, units, seed, ...sizes } = config.space;
  const given = Object.fromEntries(Object.entries(sizes).filter(([, size]) => size !== undefined));
  const measured = units === 'zoo' ? { of: entries.map(({ instance }) => instance) } : undefined;
  const space = new NetSpace({ architectures, prepShape, preset, seed, ...given, ...startOf(start, measured, entries) });
  return { space, entries, heldOut, task: await makeTask(config, entries) };
}

function startOf(start: TrainConfig['space']['start'], units: Units | undefined, entries: readonly ZooEntry[]): StartOptions {
  if (start === 'instance') return { start: { from: start, instance: bestEntry(entries).instance }, units };
  if (start === 'random' || units === undefined) return { units }; // the schema asks for units with 'instances'
  return { start: { from: start, instances: bestOfEach(entries) }, units };
}

function heldOutNames({ holdOut: { names, seeds }, zoo }: TrainConfig, records: readonly InstanceRecord[]): string[] {
  const unknown = names.find((name) => records.every((record) => record.name !== name));
  if (unknown !== undefined) throw new NetSpaceError('NOT_FOUND', `train: holdOut.names: there is no '${unknown}' in ${zoo}`);
  return records.filter(({ name, seed }) => names.includes(name) || seeds.includes(seed)).map(({ name }) => name);
}

async function makeTask({ task, data }: TrainConfig, entries: readonly ZooEntry[]): Promise<TrainTask> {
  if (task.kind === 'sdf') return task;
  const { teacher: named, alpha, ...rest } = task;
  const teacher = named === 'targets' || named === 'labels' ? named : entries.find(({ name }) => name === named)?.instance;
  if (teacher === undefined) {
    throw new NetSpaceError('NOT_FOUND', `train: task.teacher: expected targets, labels or an instance that is trained on, got '${named}'`);
  }
  const weights = Object.fromEntries(Object.entries(rest.weights).filter(([, weight]) => weight !== undefined));
  return { ...rest, weights, teacher, dataset: await parseDatasetSpec(data).load('train'), ...(alpha !== undefined && { alpha }) };
}

/** The instance with the best test accuracy (or the smallest error) among those of the largest architecture. */
function bestEntry(entries: readonly ZooEntry[]): ZooEntry {
  const largest = Math.max(...entries.map(({ record }) => record.parameterCount));
  return bestOf(entries.filter(({ record }) => record.parameterCount === largest));
}

function bestOfEach(entries: readonly ZooEntry[]): readonly Instance[] {
  const names = [...new Set(entries.map(({ record }) => record.architecture))];
  return names.map((name) => bestOf(entries.filter(({ record }) => record.architecture === name)).instance);
}

function bestOf(entries: readonly ZooEntry[]): ZooEntry {
  const merit = ({ metrics }: InstanceRecord) => metrics['testAccuracy'] ?? -(metrics['mse'] ?? 0);
  return entries.reduce((a, b) => (merit(b.record) > merit(a.record) ? b : a));
}

/** Four or eight rows, as wide as the largest architecture needs, until rows of the paper's width are full. */
function smallestPRepShape(architectures: readonly Architecture[]): PRepShape {
  const largest = Math.max(...architectures.map(({ parameters }) => parameterCount(parameters)));
  const width = Math.min(10_000, Math.ceil(largest / 8 / 8) * 8);
  return requiredPRepShape(architectures, { width, heightMultiple: 4 });
}
