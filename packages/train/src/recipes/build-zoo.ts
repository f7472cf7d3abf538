import { disposeInstances, NetSpaceError } from '@netspace/prep';
import { architectureByName, type ImageDataset, type InstanceRecord, type InstanceStore } from '@netspace/zoo';

import { parseConfig } from './parse-config.js';
import { trainInstance } from './train-instance.js';
import { planZoo, zooRecipeSchema, type ZooRecipe, type ZooRun } from './zoo-recipe.js';

export interface BuildZooOptions {
  readonly store: InstanceStore;
  readonly train: ImageDataset;
  readonly test: ImageDataset;
  readonly signal?: AbortSignal;
  /** Called after each step of each instance. */
  readonly onProgress?: (progress: ZooProgress) => void;
}

export interface ZooProgress {
  /** Instances in the store, of `total` that the recipe names. */
  readonly done: number;
  readonly total: number;
  /** The training run at hand. */
  readonly architecture: string;
  readonly seed: number;
  readonly step: number;
  readonly steps: number;
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
 */
export async function* buildZoo(
  recipe: ZooRecipe,
  { store, train, test, signal, onProgress }: BuildZooOptions,
): AsyncGenerator<ZooAddition, void> {
  const runs = planZoo(parseConfig('buildZoo: recipe', zooRecipeSchema, recipe));
  const present = new Set((await store.list()).map(({ name }) => name));
  const total = runs.flatMap(({ instances }) => instances).length;
  let done = runs.flatMap(({ instances }) => instances).filter(({ name }) => present.has(name)).length;
  for (const run of runs) {
    const missing = run.instances.filter(({ name }) => !present.has(name));
    if (missing.length === 0) continue;
    const { architecture, seed } = run;
    const onStep = (step: number, steps: number) => onProgress?.({ done, total, architecture, seed, step, steps });
    const lengths = run.instances.map(({ length }) => length).filter((length) => length <= missing.at(-1)!.length);
    for await (const trained of trainInstance({ ...optionsOf(run), lengths, train, test, onStep, ...(signal && { signal }) })) {
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
  const { padding, flip } = augment ?? {};
  return {
    ...{ architecture: architectureByName(architecture), seed, unit, optimizer, batchSize },
    ...(augment && { augment: { ...(padding !== undefined && { padding }), ...(flip !== undefined && { flip }) } }),
  };
}
