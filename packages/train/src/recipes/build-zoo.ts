import { disposeInstances, NetSpaceError } from '@netspace/prep';
import { abortSignal, functionOf, type GivenBy, objectOf, optional, parseOptions } from '@netspace/prep/internal';
import { architectureByName, type InstanceRecord } from '@netspace/zoo';

import { imageDataset, instanceStore } from '../option-kinds.js';
import type { StepProgress } from '../step-progress.js';
import { trainInstance } from './train-instance.js';
import { planZoo, zooRecipeOptions, type ZooRecipe, type ZooRun } from './zoo-recipe.js';

/** See {@link BuildZooOptions}. */
export const buildZooOptions = objectOf({
  /** Where the instances are added. */
  store: instanceStore,
  /** Images to learn from. */
  train: imageDataset,
  /** Images to measure on. */
  test: imageDataset,
  /** Stops the training in progress; what was added stays. */
  signal: optional(abortSignal),
  /** Called after each step of each instance. */
  onStep: optional(functionOf<(progress: ZooProgress) => void>()),
});

/** Options of {@link buildZoo}. */
export interface BuildZooOptions extends GivenBy<typeof buildZooOptions> {}

/** How far the training run at hand is, and the zoo. */
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
 * Instances whose names are in the store already are skipped, so an interrupted build goes on where it was. An instance depends on its
 * group's settings and its seed alone, not on which others are built.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the recipe is not one, naming the key; `NOT_FOUND` for an unknown architecture; `ABORTED` when
 *   the signal stopped it, with whole instances in the store
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
  const { store, train, test, signal, onStep: tell } = parseOptions('buildZoo', buildZooOptions, options);
  const runs = planZoo(parseOptions('buildZoo: recipe', zooRecipeOptions, recipe));
  const present = new Set((await store.list()).map(({ name }) => name));
  const total = runs.flatMap(({ instances }) => instances).length;
  let done = runs.flatMap(({ instances }) => instances).filter(({ name }) => present.has(name)).length;
  for (const run of runs) {
    const missing = run.instances.filter(({ name }) => !present.has(name));
    if (missing.length === 0) continue;
    const { architecture, seed } = run;
    const onStep = (progress: StepProgress) => tell?.({ done, total, architecture, seed, ...progress });
    const lengths = run.instances.map(({ length }) => length).filter((length) => length <= missing.at(-1)!.length);
    for await (const trained of trainInstance({ ...optionsOf(run), lengths, train, test, onStep, signal })) {
      const { name } = run.instances.find(({ length }) => length === trained.length)!;
      try {
        if (present.has(name)) continue;
        const { instance, epochs, metrics } = trained;
        const record = await store.add({ name, instance, epochs, seed, metrics: { ...metrics } });
        yield { done: ++done, total, record };
      } finally {
        disposeInstances([trained.instance]);
      }
    }
    if (signal?.aborted)
      throw new NetSpaceError('ABORTED', `buildZoo: stopped by its signal with ${done} of ${total} instances in the store`);
  }
}

function optionsOf({ architecture, seed, group }: ZooRun) {
  const { unit, optimizer, batchSize, augment } = group;
  return { architecture: architectureByName(architecture), seed, unit, optimizer, batchSize, augment };
}
