import { disposeInstances, NetSpaceError } from '@netspace/prep';
import { abortSignal, functionOf, type GivenBy, objectOf, optional, parseOptions } from '@netspace/prep/internal';
import { architectureByName, type InstanceRecord } from '@netspace/zoo';

import { imageDataset, instanceStore } from '../option-kinds.js';
import type { StepProgress } from '../step-progress.js';
import { leftOut } from './left-out.js';
import { trainInstance } from './train-instance.js';
import { planZoo, zooRecipeOptions, type ZooRecipe, type ZooRun } from './zoo-recipe.js';

/** See {@link BuildZooOptions}. */
export const buildZooOptions = objectOf({
  store: instanceStore,
  train: imageDataset,
  test: imageDataset,
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
 * A training run that diverges is left out, with what it gave before, and the other runs are trained; the next build tries it again.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the recipe is not one, naming the key; `NOT_FOUND` for an unknown architecture; `ABORTED` when
 *   the signal stopped it, with whole instances in the store; `DIVERGED` at the end, naming each run that diverged
 */
export async function* buildZoo(recipe: ZooRecipe, options: BuildZooOptions): AsyncGenerator<ZooAddition, void> {
  const { store, train, test, signal, onStep: tell } = parseOptions('buildZoo', buildZooOptions, options);
  const runs = planZoo(parseOptions('buildZoo: recipe', zooRecipeOptions, recipe));
  const present = new Set((await store.list()).map(({ name }) => name));
  const total = runs.flatMap(({ instances }) => instances).length;
  let done = runs.flatMap(({ instances }) => instances).filter(({ name }) => present.has(name)).length;
  const failures = leftOut('buildZoo');
  for (const run of runs) {
    const missing = run.instances.filter(({ name }) => !present.has(name));
    if (missing.length === 0) continue;
    const { architecture, seed } = run;
    const onStep = (progress: StepProgress) => tell?.({ done, total, architecture, seed, ...progress });
    const lengths = run.instances.map(({ length }) => length).filter((length) => length <= missing.at(-1)!.length);
    try {
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
    } catch (error) {
      failures.add(`${run.group.prefix}${architecture} of seed ${seed}`, error);
    }
    if (signal?.aborted)
      throw new NetSpaceError('ABORTED', `buildZoo: stopped by its signal with ${done} of ${total} instances in the store`);
  }
  failures.throwIfAny();
}

function optionsOf({ architecture, seed, group }: ZooRun) {
  const { unit, optimizer, batchSize, augment } = group;
  return { architecture: architectureByName(architecture), seed, unit, optimizer, batchSize, augment };
}
