import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { filesAt } from '../../files/files-at.js';

/** Hashes of all files of a zoo that do not tell when and where it was built: networks, index, measures. */
export async function zooFiles(zoo: string): Promise<Record<string, string>> {
  const names = (await readdir(zoo, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(zoo.length + 1))
    .filter((name) => !name.startsWith('.') && name !== 'run.json')
    .sort();
  const hashes = await Promise.all(
    names.map(async (name) =>
      createHash('sha256')
        .update(await readFile(join(zoo, name)))
        .digest('hex'),
    ),
  );
  return Object.fromEntries(names.map((name, i) => [name, hashes[i]!]));
}

const small = { unit: 'steps', batchSize: 10, optimizer: { kind: 'adam', learningRate: 0.003 } };

/** The same of a zoo in a bucket. */
export async function zooFilesAt(place: string): Promise<Record<string, string>> {
  const files = filesAt(place);
  const names = await Promise.all(
    ['', 'index', 'shards', 'instances'].map(async (folder) =>
      (await files.list!(folder)).map((name) => (folder === '' ? name : `${folder}/${name}`)),
    ),
  );
  const own = names.flat().filter((name) => !name.startsWith('.') && name !== 'run.json').sort(); // prettier-ignore
  const hashes = await Promise.all(
    own.map(async (name) =>
      createHash('sha256')
        .update(await files.read(name))
        .digest('hex'),
    ),
  );
  return Object.fromEntries(own.map((name, i) => [name, hashes[i]!]));
}

/** A recipe of tiny networks, of which one training diverges after its first network. A job trains two of them at once, where there are two. */
export const tinyRecipe = {
  atOnce: 2,
  groups: [
    { ...small, architecture: 'lenet-like-1x28x28-10-w0.1', seeds: 3, lengths: [1, 8] },
    { ...small, architecture: 'vanilla-cnn-1x28x28-10-w0.1', seeds: 2, lengths: [2] },
    {
      ...small,
      architecture: 'lenet-like-1x28x28-10-w0.1',
      prefix: 'wild-',
      lengths: [1, 60],
      optimizer: { kind: 'sgd', learningRate: 1e30 },
    },
  ],
};
