import { join } from 'node:path';

import { buildZoo, type ZooRecipe } from '@netspace/train';
import { directoryFiles } from '@netspace/node';
import type { Instance } from '@netspace/prep';
import { openInstanceStore, type InstanceRecord } from '@netspace/zoo';

import type { Splits } from './data.js';
import type { Context } from './experiment.js';
import { hashOf } from './settings-hash.js';

/** A network of a zoo. */
export interface Member {
  readonly name: string;
  readonly instance: Instance;
  readonly record: InstanceRecord;
}

/** As measured when it was trained, in [0, 1]. */
export const testAccuracyOf = ({ record }: Member): number => record.metrics['testAccuracy']!;

/**
 * Builds the zoo of a recipe, or what is missing of it, in `zoos/NAME-HASH` of `context.work`, and loads it.
 *
 * @returns the members in the recipe's order
 */
export async function builtZoo(
  context: Context,
  { name, recipe, splits }: { readonly name: string; readonly recipe: ZooRecipe; readonly splits: Splits },
): Promise<readonly Member[]> {
  const id = `${name}-${hashOf([recipe, ...[splits.train, splits.test].map((images) => [images.name, images.count])])}`;
  const store = openInstanceStore(directoryFiles(join(context.work, 'zoos', id)));
  const records = await context.stage(`zoo-${id}`, async () => {
    const { signal } = context;
    for await (const { done, total, record } of buildZoo(recipe, { store, train: splits.train, test: splits.test, signal })) {
      context.log(`${name}: ${done} of ${total}, ${record.name}: ${JSON.stringify(record.metrics)}`);
    }
    return store.list();
  });
  const members: Member[] = [];
  for (const record of records) {
    const { architecture, parameters } = await store.load(record.name);
    members.push({ name: record.name, instance: { architecture, parameters }, record });
  }
  return members;
}
