import { type Architecture, disposeInstances, NetSpaceError } from '@netspace/prep';
import {
  abortSignal,
  architectures,
  functionOf,
  type GivenBy,
  objectOf,
  optional,
  parseOptions,
  refuseOptions,
  type UsedBy,
  withDefault,
} from '@netspace/prep/internal';
import { architectureByName, type Dataset, type ImageDataset } from '@netspace/zoo';
import { anyDataset, isLabeled, isTensorDataset } from '@netspace/zoo/internal';

import { instanceStore } from '../option-kinds.js';
import { addJobs, type ZooAddition, type ZooProgress } from './add-jobs.js';
import { checkTraining, type TrainedInstance, trainInstanceFrom } from '../instances/train-instance.js';
import { trainInstancesFrom } from '../instances/train-instances.js';
import { checkRegression, type TrainedRegressor, trainRegressorFrom } from '../instances/train-regressor.js';
import { type JobMemory, jobMemory, memoryOf } from './job-memory.js';
import type { RunZooJob, ZooJob, ZooPlan } from './zoo-job.js';
import { planZoo, runsAtOnce, zooRecipeOptions, type ZooRecipe, type ZooRun } from './zoo-recipe.js';

/** See {@link BuildZooOptions}. */
export const buildZooOptions = objectOf({
  /** The store to which the instances are added. */
  store: instanceStore,
  /** Images, or tensors, to learn from: with labels for classifiers, with targets for the task `regression`. */
  train: anyDataset,
  /** Images, or tensors, to measure on. */
  test: anyDataset,
  /**
   * Architectures that `architectureByName` does not know, such as those of ONNX files; the recipe has their names.
   * @default []
   */
  architectures: withDefault(architectures, []),
  /** Stops the training in progress. Instances that were added stay. */
  signal: optional(abortSignal),
  /** Called after each step of each instance. */
  onStep: optional(functionOf<(progress: ZooProgress) => void>()),
});

/** Options of {@link buildZoo}. */
export interface BuildZooOptions extends GivenBy<typeof buildZooOptions> {}

/**
 * Trains the instances of a recipe into a store and yields each as it is added.
 *
 * Instances whose names are in the store already are skipped. So an interrupted build goes on where it was, and two builders of one recipe
 * share the work. Faults of any training run are refused before the first run. An instance depends only on the settings of its group and on
 * its seed, not on the other instances; if several are trained at once (`atOnce` of the recipe), its last bits depend on how many.
 *
 * If a training run diverges, its instances of greater lengths are left out, and the other runs are trained. The next build tries it again.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the recipe is not one, naming the key; `SHAPE_MISMATCH` for images of another task; `NOT_FOUND`
 * for an unknown architecture; `ABORTED` when the signal stopped it, with only complete instances in the store; `DIVERGED` at the end,
 * naming each run that diverged
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { buildZoo } from '@netspace/train';
 * import { memoryFiles, openInstanceStore, parseCifar10 } from '@netspace/zoo';
 *
 * const images = parseCifar10(new Uint8Array(8 * 3073)); // eight black airplanes
 * const store = openInstanceStore(memoryFiles());
 * const group = { architecture: 'lenet-like-3x32x32-10-w0.1', seeds: 2, lengths: [1, 2], unit: 'steps', batchSize: 4 } as const;
 * for await (const { done, total } of buildZoo({ groups: [group] }, { store, train: images, test: images })) {
 *   if (done === total) console.log(`${done} networks`); // 4 networks
 * }
 * ```
 */
export async function* buildZoo(recipe: ZooRecipe, options: BuildZooOptions): AsyncGenerator<ZooAddition, void> {
  const { store, train, test, architectures: others, signal, onStep } = parseOptions('buildZoo', buildZooOptions, options);
  const find = (name: string): Architecture => others.find((one) => one.name === name) ?? architectureByName(name);
  const used = parseOptions('buildZoo: recipe', zooRecipeOptions, recipe);
  yield* addJobs('buildZoo', imageZooPlan(used, { train, test, find }), { store, signal, onStep });
}

/** What the jobs of a recipe learn from, and how architectures are found by name. */
interface Sources {
  readonly train: Dataset;
  readonly test: Dataset;
  readonly find: (name: string) => Architecture;
  /** Of networks of several outputs, the one that learns. */
  readonly output?: string | undefined;
}

/** Images, of which several networks can learn at once. */
interface Images extends Sources {
  readonly train: ImageDataset;
  readonly test: ImageDataset;
}

const imagesOf = ({ train, test, ...other }: Sources): Images | undefined =>
  isTensorDataset(train) || isTensorDataset(test) ? undefined : { train, test, ...other };

/** How the networks of a recipe are trained, and what would be refused. */
interface Training {
  readonly data: readonly ArrayBufferView[];
  run(run: ZooRun, lengths: readonly number[], watch: Watch): AsyncIterable<TrainedInstance | TrainedRegressor>;
  check(run: ZooRun): void;
}
type Watch = Omit<RunZooJob, 'wanted'>;
/** A job but for its memory. */
type PartOfJob = Omit<ZooJob, 'memory'>;

/**
 * The jobs of a recipe of classifiers, or of regressors: one for each training run, or for several runs of classifiers of images at once.
 *
 * @throws NetSpaceError as `planZoo`; `INVALID_OPTION` for data without labels, or without targets
 */
export function imageZooPlan(recipe: UsedBy<typeof zooRecipeOptions>, given: Sources): ZooPlan {
  const sources = { ...given, output: recipe.output };
  const training = recipe.task === 'regression' ? regression(sources) : classification(sources);
  const images = imagesOf(sources);
  if (images === undefined)
    refuseOptions('buildZoo', { atOnce: recipe.atOnce }, ['atOnce'], 'with tensors, whose networks are trained one after the other');
  const planned = planZoo(recipe, sources.find);
  const memory = memoryOfRuns(sources, training);
  const parts = images === undefined ? planned.map((run) => [run]) : runsAtOnce(planned, recipe.atOnce, memory);
  const jobFor = (part: readonly ZooRun[]): ZooJob => ({
    ...(part.length === 1 || images === undefined ? jobOf(part[0]!, recipe, training) : jobOfMany(part, images)),
    memory: () => memoryOf(memory(part[0]!), part.length),
  });
  const runs = new Map(parts.map((part) => [jobFor(part), part]));
  return { jobs: [...runs.keys()], check: (jobs) => checkAll(jobs.flatMap((job) => runs.get(job)!), training) }; // prettier-ignore
}

/** What a training such as that of a run takes, computed once for all that are alike. */
function memoryOfRuns({ find }: Sources, { data }: Training): (run: ZooRun) => JobMemory | undefined {
  const known = new Map<string, JobMemory | undefined>();
  return ({ architecture, group: { batchSize } }) => {
    const key = `${batchSize} ${architecture}`;
    if (!known.has(key)) known.set(key, jobMemory({ architecture: find(architecture), batchSize, data }));
    return known.get(key);
  };
}

function classification({ train, test, find, output }: Sources): Training {
  if (!isLabeled(train) || !isLabeled(test)) {
    const { name } = isLabeled(train) ? test : train;
    throw new NetSpaceError('INVALID_OPTION', `buildZoo: expected labels in ${name} for classifiers, got none; say which tensor, or column, has them (labels=NAME), or give the recipe the task 'regression'`); // prettier-ignore
  }
  return {
    data: [train, test].flatMap((one) => (isTensorDataset(one) ? [one.inputs, one.labels] : [one.images, one.labels])),
    run: (run, lengths, { resume, ...watch }) =>
      trainInstanceFrom({ ...optionsOf(run, find), augment: run.group.augment, lengths, train, test, output, ...watch }, resume),
    check(run) {
      const { scheme } = run.group;
      refuseOptions('buildZoo', { scheme: scheme === 'pytorch' ? undefined : scheme }, ['scheme'], 'for classifiers');
      checkTraining('buildZoo', { ...optionsOf(run, find), lengths: lengthsOf(run), train, test, output });
    },
  };
}

function regression({ train, test, find, output }: Sources): Training {
  if (!isTensorDataset(train) || !isTensorDataset(test)) {
    throw new NetSpaceError('INVALID_OPTION', `buildZoo: expected tensors with targets for the task 'regression', got the images of ${train.name}; name an .npz, .csv or .safetensors file`); // prettier-ignore
  }
  const scheme = ({ group }: ZooRun) => group.scheme;
  return {
    data: [train, test].flatMap(({ inputs, targets }) => (targets === undefined ? [inputs] : [inputs, targets])),
    run(run, lengths, { resume, ...watch }) {
      return trainRegressorFrom({ ...optionsOf(run, find), scheme: scheme(run), lengths, train, test, output, ...watch }, resume);
    },
    check(run) {
      refuseOptions('buildZoo', { augment: run.group.augment }, ['augment'], "with the task 'regression'");
      checkRegression('buildZoo', { ...optionsOf(run, find), lengths: lengthsOf(run), train, test, output });
    },
  };
}

function jobOf(run: ZooRun, { task, output }: Pick<UsedBy<typeof zooRecipeOptions>, 'task' | 'output'>, training: Training): PartOfJob {
  const { architecture, seed, group, instances } = run;
  const { unit, optimizer, batchSize, augment, scheme } = group;
  const other = { ...(task === 'regression' && { task, scheme }), ...(output !== undefined && { output }) }; // a classifier's settings are those of earlier versions
  const settings = { kind: 'images', architecture, seed, instances, unit, optimizer, batchSize, augment, ...other };
  return {
    ...{ title: titleOf(run), architecture, seed, names: instances.map(({ name }) => name), settings },
    data: training.data,
    async *run({ wanted, ...watch }) {
      const last = instances.findLast(({ name }) => wanted.has(name))!.length;
      const lengths = lengthsOf(run).filter((length) => length <= last);
      for await (const trained of training.run(run, lengths, watch)) {
        const { instance, length, epochs, metrics } = trained;
        const { name } = instances.find((one) => one.length === length)!;
        if (wanted.has(name)) yield { name, instance, epochs, seed, metrics: { ...metrics } };
        else disposeInstances([instance]);
      }
    },
  };
}

/** All runs are trained whichever networks are wanted: the bits of each depend on how many there are. */
function jobOfMany(runs: readonly ZooRun[], { train, test, find, output }: Images): PartOfJob {
  const { architecture, seed, group } = runs[0]!;
  const { unit, batchSize, augment } = group;
  const networks = runs.map((run) => ({ seed: run.seed, optimizer: run.group.optimizer, lengths: lengthsOf(run) }));
  const names = runs.map(({ instances }) => instances.map(({ name }) => name));
  return {
    ...{ title: `${titleOf(runs[0]!)} and ${runs.length - 1} more`, architecture, seed, names: names.flat() },
    settings: { kind: 'images at once', architecture, networks, names, unit, batchSize, augment, ...(output !== undefined && { output }) },
    data: [train, test].flatMap(({ images, labels }) => [images, labels]),
    async *run({ wanted, resume, ...watch }) {
      const options = { architecture: find(architecture), networks, unit, batchSize, augment, train, test, output, ...watch };
      for await (const { network, instance, length, epochs, metrics } of trainInstancesFrom(options, resume)) {
        const { seed: own, instances } = runs[network]!;
        const { name } = instances.find((one) => one.length === length)!;
        if (wanted.has(name)) yield { name, instance, epochs, seed: own, metrics: { ...metrics } };
        else disposeInstances([instance]);
      }
    },
  };
}

const titleOf = ({ architecture, seed, group: { prefix } }: ZooRun): string => `${prefix}${architecture} of seed ${seed}`;

/** Checks each kind of run once, as the training run itself would. */
function checkAll(runs: readonly ZooRun[], training: Training): void {
  const kinds = new Map(runs.map((run) => [`${run.architecture} ${run.group.batchSize} ${lengthsOf(run).join()} ${run.group.unit}`, run]));
  for (const run of kinds.values()) training.check(run);
}

const lengthsOf = ({ instances }: ZooRun): readonly number[] => instances.map(({ length }) => length);

function optionsOf({ architecture, seed, group }: ZooRun, find: Sources['find']) {
  const { unit, optimizer, batchSize } = group;
  return { architecture: find(architecture), seed, unit, optimizer, batchSize };
}
