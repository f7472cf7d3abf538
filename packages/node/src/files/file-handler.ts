import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

import * as tf from '@tensorflow/tfjs-core';

import { NetSpaceError } from '@netspace/prep';

import { inside } from './directory-files.js';
import { isMissing } from './is-missing.js';
import { writeAtomically } from './write-atomically.js';

const JSON_NAME = 'space.json';
const WEIGHTS_NAME = /^weights-[0-9a-f]{16}\.bin$/;

/**
 * Saves to and loads from a folder: `space.json` in the layout that `tf.io.http` reads, and the weights in a file beside it.
 *
 * A save is atomic: the weights come under a new name first, then `space.json` is replaced, then old weights are removed.
 *
 * @param path the folder; for loading also the JSON file itself
 * @throws NetSpaceError from `load`: `NOT_FOUND` if there is no saved space, `CORRUPT_FILE` if its JSON or weights are not whole;
 *   from `save`: `INVALID_OPTION` if the path is a file
 * @example
 * ```ts no-run
 * import { NetSpace } from '@netspace/model';
 * import { fileHandler } from '@netspace/node';
 * import { architectureByName } from '@netspace/zoo';
 *
 * const space = await NetSpace.load(fileHandler('pretrained/classifiers/space'), { architectures: architectureByName });
 * await space.save(fileHandler('copy-of-it'));
 * ```
 */
export function fileHandler(path: string): tf.io.IOHandler {
  return { save: (artifacts) => save(path, artifacts), load: () => load(path) };
}

/**
 * Makes `file://` paths known to `tf.io`, so that `space.save('file://my-space')` works; does nothing where they are already.
 *
 * @example
 * ```ts no-run
 * import { NetSpace } from '@netspace/model';
 * import { registerFileHandler } from '@netspace/node';
 *
 * registerFileHandler();
 * const space = await NetSpace.load('file://pretrained/classifiers/space');
 * ```
 */
export function registerFileHandler(): void {
  if (tf.io.getSaveHandlers('file://probe').length > 0) return;
  const router = (url: string | string[]): tf.io.IOHandler | null =>
    typeof url === 'string' && url.startsWith('file://') ? fileHandler(url.slice('file://'.length)) : null;
  // tfjs types routers as never returning null, though it documents null as "not mine".
  tf.io.registerSaveRouter(router as (url: string | string[]) => tf.io.IOHandler);
  tf.io.registerLoadRouter(router as (url: string | string[]) => tf.io.IOHandler);
}

async function save(folder: string, artifacts: tf.io.ModelArtifacts): Promise<tf.io.SaveResult> {
  if ((await kindOf(folder)) === 'file') {
    throw new NetSpaceError('INVALID_OPTION', `fileHandler: expected a folder to save to, got the file ${folder}; name another path`);
  }
  const { weightSpecs = [], weightData = new ArrayBuffer(0), getWeightStream: _stream, ...rest } = artifacts;
  const bytes = new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData));
  const weightsName = `weights-${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.bin`;
  await writeAtomically(join(folder, weightsName), bytes);
  const json = { ...rest, weightsManifest: [{ paths: [weightsName], weights: weightSpecs }] };
  await writeAtomically(join(folder, JSON_NAME), JSON.stringify(json, undefined, 1));
  for (const name of await readdir(folder)) {
    if (WEIGHTS_NAME.test(name) && name !== weightsName) await rm(join(folder, name), { force: true });
  }
  return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
}

async function load(path: string): Promise<tf.io.ModelArtifacts> {
  const file = extname(path) === '.json' ? path : join(path, JSON_NAME);
  const modelJSON = parseModelJSON(file, await read(file));
  return tf.io.getModelArtifactsForJSON(modelJSON, async (manifest) => [tf.io.getWeightSpecs(manifest), await readWeights(file, manifest)]);
}

async function readWeights(file: string, manifest: tf.io.WeightsManifestConfig): Promise<ArrayBuffer[]> {
  const folder = dirname(file);
  const buffers = [];
  for (const name of manifest.flatMap(({ paths }) => paths)) {
    const bytes = await read(inside(folder, name));
    const expected = WEIGHTS_NAME.test(basename(name)) ? basename(name).slice(8, 24) : undefined;
    if (expected !== undefined && createHash('sha256').update(bytes).digest('hex').slice(0, 16) !== expected) {
      throw new NetSpaceError('CORRUPT_FILE', `fileHandler: ${name} in ${folder} is not what was saved; restore it from a copy`);
    }
    buffers.push(new Uint8Array(bytes).buffer);
  }
  return buffers;
}

function parseModelJSON(file: string, bytes: Uint8Array): tf.io.ModelJSON {
  const value = parseJson(file, bytes);
  if (!isModelJSON(value)) {
    throw new NetSpaceError('CORRUPT_FILE', `fileHandler: expected a weightsManifest in ${file}, got none; is it a saved space?`);
  }
  return value;
}

const isModelJSON = (value: unknown): value is tf.io.ModelJSON =>
  typeof value === 'object' &&
  value !== null &&
  'weightsManifest' in value &&
  Array.isArray(value.weightsManifest) &&
  value.weightsManifest.every(
    (group: unknown) =>
      typeof group === 'object' &&
      group !== null &&
      'paths' in group &&
      Array.isArray(group.paths) &&
      group.paths.every((path) => typeof path === 'string') &&
      'weights' in group &&
      Array.isArray(group.weights),
  );

function parseJson(file: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new NetSpaceError('CORRUPT_FILE', `fileHandler: expected JSON in ${file}, got something else; restore it from a copy`, {
      cause: error,
    });
  }
}

async function read(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new NetSpaceError('NOT_FOUND', `fileHandler: expected a saved space at ${file}, got no such file; check the path`, {
      cause: error,
    });
  }
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'nothing'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (isMissing(error)) return 'nothing';
    throw error;
  }
}
