import { type Architecture, disposeInstances, NetSpaceError, type StepProgress } from '@netspace/prep';
import {
  abortSignal,
  architectures,
  functionOf,
  type GivenBy,
  objectOf,
  optional,
  parseOptions,
  withDefault,
} from '@netspace/prep/internal';
import { architectureByName, type InstanceRecord } from '@netspace/zoo';

import { imageDataset, instanceStore } from '../option-kinds.js';
import { addOnce } from './add-once.js';
import { lookAgain, namesThere } from './names-there.js';
import { checkTraining, trainInstance } from './train-instance.js';
import { leftOut } from './left-out.js';
import { planZoo, zooRecipeOptions, type ZooRecipe, type ZooRun } from './zoo-recipe.js';

/** See {@link BuildZooOptions}. */
export const buildZooOptions = objectOf({
  /** The store to which the instances are added. */
  store: instanceStore,
  /** Images to learn from. */
  train: imageDataset,
  /** Images to measure on. */
  test: imageDataset,
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

/** Progress of the current training run and of the zoo. */
export interface ZooProgress extends StepProgress {
  /** Instances in the store, of `total` that the recipe names. */
  readonly done: number;
  readonly total: number;
  readonly architecture: string;
  readonly seed: number;
}

/** An instance that has been added. */
export interface ZooAddition {
  readonly done: number;
  readonly total: number;
  readonly record: InstanceRecord;
}

/**
 * Trains the instances of a recipe into a store and yields each as it is added.
 *
 * Instances whose names are in the store already are skipped. So an interrupted build goes on where it was, and two builders of one recipe
 * share the work. Faults of any training run are refused before the first run. An instance depends only on the settings of its group and on
 * its seed, not on the other instances.
 *
 * If a training run diverges, all its instances are left out, and the other runs are trained. The next build tries it again.
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
  const { store, train, test, architectures: others, signal, onStep: tell } = parseOptions('buildZoo', buildZooOptions, options);
  const find = (name: string): Architecture => others.find((one) => one.name === name) ?? architectureByName(name);
  const runs = planZoo(parseOptions('buildZoo: recipe', zooRecipeOptions, recipe), find);
  const names = runs.flatMap(({ instances }) => instances.map(({ name }) => name));
  const total = names.length;
  const present = await namesThere(store, names);
  checkAll(
    runs.filter(({ instances }) => instances.some(({ name }) => !present.has(name))),
    { train, test, find },
  );
  const failures = leftOut('buildZoo');
  for (const run of runs) {
    await lookAgain(
      store,
      present,
      run.instances.map(({ name }) => name),
    ); // another builder may have added some
    let done = present.size;
    const missing = run.instances.filter(({ name }) => !present.has(name));
    if (missing.length === 0) continue;
    const { architecture, seed } = run;
    const onStep = (progress: StepProgress) => tell?.({ done, total, architecture, seed, ...progress });
    const lengths = lengthsOf(run).filter((length) => length <= missing.at(-1)!.length);
    try {
      for await (const trained of trainInstance({ ...optionsOf(run, find), lengths, train, test, onStep, signal })) {
        const { name } = run.instances.find(({ length }) => length === trained.length)!;
        try {
          if (present.has(name)) continue;
          const { instance, epochs, metrics } = trained;
          const record = await addOnce(store, { name, instance, epochs, seed, metrics: { ...metrics } });
          present.add(name);
          done++;
          if (record !== undefined) yield { done, total, record };
        } finally {
          disposeInstances([trained.instance]);
        }
      }
    } catch (error) {
      failures.add(`${run.group.prefix}${architecture} of seed ${seed}`, error);
    }
    if (signal?.aborted)
      throw new NetSpaceError('ABORTED', `buildZoo: stopped by its signal with ${done} of ${total} instances in the store`);
  }
  failures.throwIfAny();
}

/** Checks each group once before the first training run, as the training run itself would. */
function checkAll(
  runs: readonly ZooRun[],
  { find, ...data }: Pick<BuildZooOptions, 'train' | 'test'> & { readonly find: (name: string) => Architecture },
): void {
  const kinds = new Map(runs.map((run) => [`${run.architecture} ${run.group.batchSize} ${lengthsOf(run).join()} ${run.group.unit}`, run]));
  for (const run of kinds.values()) checkTraining('buildZoo', { ...optionsOf(run, find), lengths: lengthsOf(run), ...data });
}

const lengthsOf = ({ instances }: ZooRun): readonly number[] => instances.map(({ length }) => length);

function optionsOf({ architecture, seed, group }: ZooRun, find: (name: string) => Architecture) {
  const { unit, optimizer, batchSize, augment } = group;
  return { architecture: find(architecture), seed, unit, optimizer, batchSize, augment };
}
