import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parseDatasetSpec, readRunRecord, type ZooRecipe } from '@netspace/node';
import { type Dataset, type ImageDataset, thinDataset } from '@netspace/zoo';

import type { Splits } from './data.js';
import type { Context } from './experiment.js';
import { netspaceCommand } from './netspace-command.js';

type QueueContext = Pick<Context, 'queue' | 'signal' | 'work' | 'log'>;

interface ZooOnQueue {
  readonly name: string;
  readonly recipe: ZooRecipe;
  readonly splits: Pick<Splits, 'train' | 'test' | 'source'>;
}

/**
 * With a queue, builds the zoo of a recipe as `netspace zoo build --queue` does, whose jobs any `netspace worker` takes. Workers get the recipe and the name of the data: no code.
 *
 * @throws Error if the name of the data stands for other images than those of the experiment; as the command
 */
export async function zooOnQueue(context: QueueContext, folder: string, { name, recipe, splits }: ZooOnQueue): Promise<void> {
  const { source, test } = splits;
  await buildOnQueue(context, folder, {
    ...{ name, config: recipe, options: ['--test-images', String(test.count)] },
    async recipe() {
      await checkSame(source, splits);
      return { ...recipe, data: source };
    },
  });
}

interface BuildOnQueue {
  readonly name: string;
  /** What the record of the zoo says when it is done. */
  readonly config: object;
  /** Makes the recipe of the command, if it is needed. */
  readonly recipe: () => Promise<object>;
  /** Further options of the command. */
  readonly options?: readonly string[];
}

/** With a queue, has the command build what is missing of a zoo. */
export async function buildOnQueue(
  context: QueueContext,
  folder: string,
  { name, config, recipe, options = [] }: BuildOnQueue,
): Promise<void> {
  const { queue, signal, work } = context;
  if (queue === undefined) return;
  const record = await readRunRecord(folder);
  if (record?.state === 'done' && JSON.stringify(record.config) === JSON.stringify(config)) return;
  const recipes = join(work, 'recipes');
  for (const made of [recipes, folder]) await mkdir(made, { recursive: true });
  const file = join(recipes, `${name}.json`);
  await writeFile(file, JSON.stringify(await recipe()));
  context.log(`${name}: on the queue; netspace worker --queue URL --out ${join(work, 'zoos')} takes its jobs`);
  await netspaceCommand(['zoo', 'build', file, '--out', folder, ...options, '--queue', queue], { signal });
}

/** Networks of other images would be taken for those of the experiment. */
async function checkSame(source: string, own: Pick<Splits, 'train' | 'test'>): Promise<void> {
  const data = parseDatasetSpec(source);
  const [train, test] = [await data.load('train'), thinDataset(await data.load('test'), own.test.count)];
  const bytes = (array: Uint8Array | Uint16Array): Buffer => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  const same = ([one, other]: readonly [ImageDataset, Dataset]): boolean =>
    'images' in other && bytes(one.images).equals(bytes(other.images)) && bytes(one.labels).equals(bytes(other.labels));
  if (([[own.train, train], [own.test, test]] as const).every(same)) return; // prettier-ignore
  throw new Error(`expected ${source} to name the images of the experiment, got others; leave --queue out`);
}
