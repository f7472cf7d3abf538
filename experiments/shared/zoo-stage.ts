import { join } from 'node:path';

import { buildZoo, settingsHash, zooInFolder, type ZooRecipe } from '@netspace/node';
import { loadAll, type StoredInstance } from '@netspace/zoo';

import type { Splits } from './data.js';
import type { Context } from './experiment.js';

/** A network of a zoo. */
export type Member = StoredInstance;

/** As measured when it was trained, in [0, 1]. */
export const testAccuracyOf = ({ record }: Member): number => record.metrics['testAccuracy']!;

/**
 * Builds the zoo of a recipe, or what is missing of it, in `zoos/NAME-HASH` of `context.work`, and loads it.
 *
 * @returns the members in the recipe's order
 */
export async function builtZoo(
  { work, runtime, signal, log, stage }: Context,
  { name, recipe, splits: { train, test } }: { readonly name: string; readonly recipe: ZooRecipe; readonly splits: Splits },
): Promise<readonly Member[]> {
  const id = `${name}-${settingsHash([recipe, ...[train, test].map((images) => [images.name, images.count])])}`;
  const { store } = await stage(`zoo-${id}`, () =>
    zooInFolder(join(work, 'zoos', id), {
      ...{ command: `zoo ${name}`, config: recipe, seed: recipe.seed ?? 0, runtime },
      build: (into) => buildZoo(recipe, { store: into, train, test, signal }),
      onAddition: ({ done, total, record }) => log(`${name}: ${done} of ${total}, ${record.name}: ${JSON.stringify(record.metrics)}`),
    }),
  );
  return loadAll(store);
}
