import { basename, dirname, extname, join, resolve } from 'node:path';

import { NetSpaceError } from '@netspace/prep';
import { instanceNameOf } from '@netspace/train/internal';

import { MODEL_JSON } from '../../architectures/layers-models.js';
import { isGraphPath } from '../../architectures/named-architecture.js';
import { readInstance } from '../../cli/files/instance-file.js';
import { readTensors } from '../read-tensors.js';
import type { FilesOf, FoundNetwork, FoundZoo, ZooSource } from '../found-network.js';
import { readMeasures, remarksOn } from '../tables/measures.js';
import { pathPattern } from '../path-pattern.js';

const ENDINGS = /\.(pt|pth|ckpt|bin|safetensors)$/i;

/**
 * A folder of checkpoints, of ONNX files or of `tf.LayersModel`s: one file a network, or one folder a network where each has one file of the same name.
 *
 * A name is what stands for the `*` of the pattern; without one, the path without what all paths have in common at their ends.
 *
 * @throws NetSpaceError `NOT_FOUND` if there are none, or a table of measures knows none of them
 */
export async function checkpointFiles({ folder, pattern, metrics }: ZooSource, filesOf: FilesOf): Promise<FoundZoo> {
  const all = await filesOf();
  const models = all.filter(isModelJson);
  const folders = new Set(models.map((path) => dirname(path)));
  const isShard = (path: string): boolean => path.endsWith('.bin') && folders.has(dirname(path));
  const checkpoints = all.filter((path) => pattern !== undefined || (ENDINGS.test(path) && !isShard(path)));
  // Beside checkpoints an ONNX file, or a model.json, is their architecture; alone each is a network.
  const graphs = all.filter(isGraphPath);
  const files = checkpoints.length > 0 ? checkpoints : graphs.length > 0 ? graphs : models;
  const named = pattern === undefined ? withPathNames(files, folder) : withPatternNames(files, pattern);
  if (named.length === 0) {
    throw new NetSpaceError(
      'NOT_FOUND',
      `zoo import: expected checkpoints in ${folder}, got ${pattern === undefined ? 'no .pt, .pth, .ckpt, .bin, .safetensors, .onnx or model.json' : `none that '${pattern}' fits`}; check the folder, or name them with --names`,
    );
  }
  const table = metrics === undefined ? undefined : await readMeasures(metrics);
  const namesOf = namesIn(named);
  let without = 0;
  const found = named.map(({ path, name }): FoundNetwork => {
    const place = join(folder, path);
    const measures = table?.of(namesOf({ path, name }));
    if (measures === undefined) without++;
    const { epochs = 0, seed = 0, metrics: measured = {} } = measures ?? {};
    return { name, place, epochs, seed, metrics: { ...labelOf(path), ...measured }, ...contentOf(place) };
  });
  const about = { networks: named.length, without, examples: [named[0]!.name, named[0]!.path], source: folder };
  return { layout: 'files', said: table === undefined ? [] : remarksOn(table, metrics!, about), networks: found };
}

interface Named {
  readonly path: string;
  readonly name: string;
}

/**
 * The names under which a table may know a network: its path, with its ending or without, and its name in our zoo. That one, in which letters were
 * replaced, is no name of a network if it is another file's path or also another network's name.
 */
function namesIn(named: readonly Named[]) {
  const paths = new Set(named.flatMap(({ path }) => pathsOf(path)));
  const count = new Map<string, number>();
  for (const { name } of named) count.set(name, (count.get(name) ?? 0) + 1);
  return ({ path, name }: Named): readonly string[] => {
    const isOwn = count.get(name) === 1 && !paths.has(name);
    return [...pathsOf(path), ...(isOwn ? [name] : [])];
  };
}

const pathsOf = (path: string): readonly string[] => [path, path.slice(0, path.length - extname(path).length)];

const isModelJson = (path: string): boolean => basename(path) === MODEL_JSON;

function contentOf(place: string): Pick<FoundNetwork, 'tensors' | 'instance'> {
  if (!isGraphPath(place) && !isModelJson(place)) return { tensors: () => readTensors(place) };
  return {
    instance: (architecture) => readInstance(place, architecture),
    tensors: () => Promise.reject(new NetSpaceError('INVALID_OPTION', `zoo import: expected --architecture with ${isModelJson(place) ? 'models of TensorFlow.js' : 'ONNX files'}, got none; name one of them, such as ${place}`)), // prettier-ignore
  };
}

/** The names of MNIST-INRs' folders say which digit a network draws. */
function labelOf(path: string): Readonly<Record<string, number>> {
  const label = /(?:^|\/)[a-z0-9]+_png_(?:training|test)_(\d+)_\d+\//.exec(path)?.[1];
  return label === undefined ? {} : { label: Number(label) };
}

function withPatternNames(files: readonly string[], pattern: string) {
  const nameOf = pathPattern(pattern);
  return files.flatMap((path) => {
    const name = nameOf(path);
    return name === undefined ? [] : [{ path, name: instanceNameOf(name, 'network') }];
  });
}

function withPathNames(files: readonly string[], source: string) {
  const parts = files.map((path) => path.split('/'));
  // Of `run_1/model.pt` and `run_2/model.pt`, and of whatever else lies beside them, the folders are the names.
  const folders = new Map<string, string[]>();
  for (const path of files) {
    const folder = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
    folders.set(folder, [...(folders.get(folder) ?? []), path]);
  }
  const last = parts.map((path) => path.at(-1)!);
  const common = last.find((name) => folders.size > 1 && [...folders.keys()].every((folder) => folder !== '' && folders.get(folder)!.includes(`${folder}/${name}`))); // prettier-ignore
  // The folder of one model has the name that its model.json has not.
  const own = (path: string): string => (path === MODEL_JSON ? basename(resolve(source)) : bare(path).replaceAll('/', '-'));
  if (common === undefined) return files.map((path) => ({ path, name: instanceNameOf(own(path)) }));
  const paths = files.filter((path) => path.endsWith(`/${common}`));
  const shared = sharedEnd(paths.map((path) => path.split('/')));
  return paths.map((path) => ({ path, name: instanceNameOf(path.split('/').slice(0, -shared).join('-')) }));
}

/** How many of their last folders and files all paths have in common. */
function sharedEnd(paths: readonly (readonly string[])[]): number {
  let count = 0;
  while (paths.every((path) => path.length > count + 1 && path.at(-1 - count) === paths[0]!.at(-1 - count))) count++;
  return count;
}

const bare = (path: string): string =>
  path
    .replace(ENDINGS, '')
    .replace(/\.onnx$/i, '')
    .replace(/\/model\.json$/, '');
