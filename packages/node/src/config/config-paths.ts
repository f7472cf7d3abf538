import { access } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

import { NetSpaceError } from '@netspace/prep';

import { IMAGE_FOLDERS } from '../datasets/dataset-spec.js';
import { bothHalves, isTensorSpec, tensorPathOf } from '../datasets/tensor-spec.js';
import { isRandomSpec } from '../datasets/random-inputs.js';
import { isS3Address } from '../files/s3/s3-place.js';

/** Where a path stands: the key of a config, for messages, and the folder of the config file. */
export interface ConfigPlace {
  readonly key: string;
  readonly folder: string;
}

/**
 * A path of a config file as seen from the working directory: it counts from the file.
 *
 * @throws NetSpaceError `INVALID_OPTION` if it leads nowhere from the file, and somewhere from the working directory: it may mean either
 */
export async function pathOfConfig(path: string, place: ConfigPlace): Promise<string> {
  return placed(path, place, (one) => [one]);
}

/** The same for the name of a data set, which may have a path in it: `cifar10:PATH`, `PATH.npz#targets=NAME`. */
export async function dataOfConfig(spec: string, place: ConfigPlace): Promise<string> {
  if (isRandomSpec(spec)) return spec;
  if (isTensorSpec(spec)) {
    const path = tensorPathOf(spec);
    return `${await placed(path, place, bothHalves)}${spec.slice(path.length)}`;
  }
  const [, kind = '', path = '', part = ''] = /^([^:]*):(.+?)((?:#[^#=]*=\d+)*)$/s.exec(spec) ?? [];
  return IMAGE_FOLDERS.includes(kind) ? `${kind}:${await pathOfConfig(path, place)}${part}` : spec;
}

async function placed(path: string, { key, folder }: ConfigPlace, files: (path: string) => readonly string[]): Promise<string> {
  if (isAbsolute(path) || isS3Address(path) || isHere(folder)) return path;
  const from = join(folder, path);
  if ((await isThere(files(from))) || !(await isThere(files(path)))) return from;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `${key}: expected ${path} as seen from the config, got nothing at ${from}, and something at ${path} as seen from here; write ${JSON.stringify(relative(folder, path).replaceAll(sep, '/'))} in the config if you mean that`,
  );
}

const isHere = (folder: string): boolean => resolve(folder) === process.cwd();

const isThere = async (paths: readonly string[]): Promise<boolean> =>
  (await Promise.all(paths.map((path) => access(path).then(() => true, () => false)))).includes(true); // prettier-ignore

/** A path of the command line as a config file in another folder has to say it. */
export function pathForConfig(path: string, file: string): string {
  const folder = dirname(file);
  return isAbsolute(path) || isS3Address(path) || isHere(folder) ? path : relative(folder, path).replaceAll(sep, '/');
}

/** The same for the name of a data set. */
export function dataForConfig(spec: string, file: string): string {
  if (isRandomSpec(spec)) return spec;
  if (isTensorSpec(spec)) return `${pathForConfig(tensorPathOf(spec), file)}${spec.slice(tensorPathOf(spec).length)}`;
  const [, kind = '', path = ''] = /^([^:]*):(.+)$/s.exec(spec) ?? [];
  return IMAGE_FOLDERS.includes(kind) && path !== 'PATH' ? `${kind}:${pathForConfig(path, file)}` : spec; // PATH is to be filled in
}
