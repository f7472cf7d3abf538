import { NetSpace, type StartOptions, type Units } from '@netspace/model';
import { checkHasUnits } from '@netspace/model/internal';
import { disposeInstances, NetSpaceError, parameterCount, requiredPRepShape, type Architecture, type PRepShape } from '@netspace/prep';
import { bestOfEach, bestOfLargest, loadAll, type InstanceRecord, type StoredInstance } from '@netspace/zoo';

import type { FindArchitecture } from '../../architectures/architectures-in.js';
import { parseDatasetSpec } from '../../datasets/dataset-spec.js';
import { permutedCopies, type TrainTask } from '@netspace/train';
import { copiesOfEach } from '@netspace/train/internal';
import type { Called } from '../called.js';
import { openZoo } from '../files/open-zoo.js';
import { labeled } from '../measured-task.js';
import type { TrainConfig } from './train-config.js';
import { commandLine } from './way-on.js';

/** What a training config stands for. */
export interface PreparedTraining {
  readonly space: NetSpace;
  readonly entries: readonly StoredInstance[];
  readonly task: TrainTask;
  /** Names of the instances that are kept from the space. */
  readonly heldOut: readonly string[];
  /** SHA-256 of the weights of each, by name: networks of other zoos may have the same names. */
  readonly heldOutSha256: Readonly<Record<string, string>>;
}

/** Opens the zoo, makes the space and loads the data that a config names. */
export async function prepareTraining(config: TrainConfig, find: FindArchitecture, called: Called = {}): Promise<PreparedTraining> {
  const { directions, start, units, seed } = config.space;
  checkHasUnits('train', directions, units === 'none' ? undefined : units); // before a zoo is read
  const { store, records } = await openZoo(config.zoo, called);
  const heldOut = heldOutNames(config, records);
  const entries = await loadAll(
    store,
    records.filter(({ name }) => !heldOut.includes(name)),
  );
  if (entries.length === 0) throw new NetSpaceError('INVALID_OPTION', `train: holdOut leaves no instance of ${config.zoo} to train on`);
  const architectures = architecturesOf(config, records, find);
  checkKind(config, architectures, called);
  const instances = entries.map(({ instance }) => instance);
  const copies = units === 'zoo-permuted' ? permutedCopies(instances, { copies: copiesOfEach(entries.length), seed }) : [];
  const measured = units === 'none' ? undefined : { of: units === 'zoo' ? instances : copies };
  const space = new NetSpace({ architectures, seed, ...sizesOf(config, architectures), ...startOf(start, measured, entries) });
  disposeInstances(copies);
  const heldOutSha256 = Object.fromEntries(records.flatMap(({ name, sha256 }) => (heldOut.includes(name) ? [[name, sha256]] : [])));
  return { space, entries, heldOut, heldOutSha256, task: await makeTask(config, entries, called) };
}

/** The architectures that the space of a config knows. */
export const architecturesOf = (
  { architectures }: TrainConfig,
  records: readonly InstanceRecord[],
  find: FindArchitecture,
): readonly Architecture[] => [...new Set([...records.map(({ architecture }) => architecture), ...architectures])].map(find);

/** The sizes of that space. */
export function sizesOf({ space }: TrainConfig, architectures: readonly Architecture[]) {
  const { start: _, units: __, seed: ___, prepShape = smallestPRepShape(architectures), preset, ...sizes } = space;
  return { prepShape, preset, ...Object.fromEntries(Object.entries(sizes).filter(([, size]) => size !== undefined)) };
}

function startOf(start: TrainConfig['space']['start'], units: Units | undefined, entries: readonly StoredInstance[]): StartOptions {
  if (start === 'instance') return { start: { from: start, instance: bestOfLargest(entries).instance }, units };
  if (start === 'random' || units === undefined) return { units }; // the schema asks for units with 'instances'
  return { start: { from: start, instances: bestOfEach(entries).map(({ instance }) => instance) }, units };
}

export function heldOutNames({ holdOut: { names, seeds }, zoo }: TrainConfig, records: readonly InstanceRecord[]): string[] {
  const unknown = names.find((name) => records.every((record) => record.name !== name));
  if (unknown !== undefined) throw new NetSpaceError('NOT_FOUND', `train: holdOut.names: there is no '${unknown}' in ${zoo}`);
  return records.filter(({ name, seed }) => names.includes(name) || seeds.includes(seed)).map(({ name }) => name);
}

/** Refuses a task that the networks are not for, before one of them is run on the wrong input. */
function checkKind({ task: { kind }, zoo }: TrainConfig, architectures: readonly Architecture[], called: Called): void {
  const wrong = kind === 'classification' ? 'sdf' : kind === 'sdf' ? 'classifier' : undefined;
  const stranger = architectures.find(({ purpose }) => purpose === wrong && wrong !== undefined);
  if (stranger === undefined) return;
  const mixed = architectures.some(({ purpose }) => purpose !== wrong);
  const [wanted, other] = kind === 'sdf' ? ['shapes', 'classification'] : ['classifiers', 'sdf'];
  const advice = mixed
    ? 'a space learns classifiers or shapes, not both: build a zoo of each'
    : `set "task": { "kind": "${other}" }; ${commandLine(called, ['init', 'space', '--zoo', zoo])} writes a config that fits`;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `train: task.kind: expected ${wanted} for ${kind}, got ${stranger.name} in ${zoo}, whose networks are ${wrong === 'sdf' ? 'shapes' : 'classifiers'}; ${advice}`,
  );
}

async function makeTask(
  { task, data }: TrainConfig,
  entries: readonly StoredInstance[],
  { netspace = 'netspace' }: Called,
): Promise<TrainTask> {
  if (task.kind !== 'classification') return withData(task, data);
  const dataset = labeled('train', await parseDatasetSpec(data ?? 'mnist').load('train'));
  if (isImitation(task)) return { ...task, dataset };
  if (isLabels(task)) return { ...task, dataset };
  const teacher = entries.find(({ name }) => name === task.teacher)?.instance;
  if (teacher !== undefined) return { ...task, teacher, dataset };
  throw new NetSpaceError(
    'NOT_FOUND',
    `train: task.teacher: expected targets, labels or an instance that is trained on, got '${task.teacher}'; ${netspace} zoo list shows their names`,
  );
}

type ConfigTask = TrainConfig['task'];
type OtherTask = Exclude<ConfigTask, { readonly kind: 'classification' }>;

/** A task that compares no logits, with the inputs that the config names for it. */
async function withData(task: OtherTask, data: string | undefined): Promise<TrainTask> {
  if (task.kind === 'sdf' || task.kind === 'weights') return task;
  const dataset = data === undefined ? undefined : await parseDatasetSpec(data).load('train');
  if (task.kind !== 'regression') return { ...task, ...(dataset && { dataset }) };
  if (dataset !== undefined) return { ...task, dataset };
  throw new NetSpaceError('INVALID_OPTION', 'train: expected data for the task regression, got none; give a file of tensors, such as "data": "./train.npz"'); // prettier-ignore
}

type ClassificationConfig = Extract<TrainConfig['task'], { readonly kind: 'classification' }>;
const isImitation = (task: ClassificationConfig): task is Extract<ClassificationConfig, { readonly teacher: 'targets' }> => task.teacher === 'targets'; // prettier-ignore
const isLabels = (task: ClassificationConfig): task is Extract<ClassificationConfig, { readonly teacher: 'labels' }> => task.teacher === 'labels'; // prettier-ignore

/** Four or eight rows, as wide as the largest architecture needs, until rows of the paper's width are full. */
function smallestPRepShape(architectures: readonly Architecture[]): PRepShape {
  const largest = Math.max(...architectures.map(({ parameters }) => parameterCount(parameters)));
  const width = Math.min(10_000, Math.ceil(largest / 8 / 8) * 8);
  return requiredPRepShape(architectures, { width, heightMultiple: 4 });
}
