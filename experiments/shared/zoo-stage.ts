import { join } from 'node:path';

import { buildZoo, settingsHash, zooInFolder, type ZooRecipe } from '@netspace/node';
import { loadAll, type StoredInstance } from '@netspace/zoo';

import type { Splits } from './data.js';
import type { Context } from './experiment.js';
import { zooOnQueue } from './zoo-on-queue.js';

/** A network of a zoo. */
export type Member = StoredInstance;

/** As measured when it was trained, in [0, 1]. */
export const testAccuracyOf = ({ record }: Member): number => record.metrics['testAccuracy']!;

/**
 * Builds the zoo of a recipe, or what is missing of it, in `zoos/NAME-HASH` of `context.work`, by the queue if there is one, and loads it.
 *
 * @returns the members in the recipe's order
 */
export async function builtZoo(
  context: Context,
  { name, recipe, splits }: { readonly name: string; readonly recipe: ZooRecipe; readonly splits: Splits },
): Promise<readonly Member[]> {
  const { work, runtime, signal } = context;
  const { train, test } = splits;
  const id = `${name}-${settingsHash([recipe, ...[train, test].map((images) => [images.name, images.count])])}`;
  const folder = join(work, 'zoos', id);
  const { store } = await context.stage(`zoo-${id}`, async () => {
    await zooOnQueue(context, folder, { name: id, recipe, splits });
    return zooInFolder(folder, {
      ...{ command: `zoo ${name}`, config: recipe, seed: recipe.seed ?? 0, runtime },
      build: (into) => buildZoo(recipe, { store: into, train, test, signal }),
      onAddition: ({ done, total, record }) =>
        context.log(`${name}: ${done} of ${total}, ${record.name}: ${JSON.stringify(record.metrics)}`),
    });
  });
  return loadAll(store);
}
