import { createHash } from 'node:crypto';
import { basename, dirname, extname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { FILE_HANDLER, MODEL_JSON_LIMITS, parseModelJson } from '@netspace/model/internal';
import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { parseOptions } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { inside } from './directory-files.js';
import { fileProblem, isMissing } from './file-problem.js';
import { onFileSystem, type FileSystem, type OnFileSystem } from './file-system.js';
import { FILE_LIMITS } from './read-regular-file.js';
import { withFolderLock } from './folder-lock.js';
import { writeAtomically } from './write-atomically.js';

/** The JSON file of a space, and that of any other model as tfjs writes it. */
const JSON_NAMES = { space: 'space.json', other: 'model.json' } as const;
const WEIGHTS_NAME = /^weights-[0-9a-f]{16}\.bin$/;

/**
 * Saves to and loads from a folder: a space as `space.json`, any other model of TensorFlow.js as `model.json`, in the layout that
 * `tf.io.http` reads, with the weights in a file next to it.
 *
 * A save is atomic: the weights come under a new name first, then the JSON is replaced, then old weights are removed. Processes that save
 * to one folder take turns. A process that loads meanwhile gets the old space or the new one.
 *
 * @param path the folder; for loading also the JSON file itself
 * @throws NetSpaceError `INVALID_OPTION` for options that are unknown or wrong; from `load`: `NOT_FOUND` if there is no saved space,
 * `CORRUPT_FILE` if its JSON or weights are not whole; from `save`: `INVALID_OPTION` if the path is a file; from both: `UNAVAILABLE` if the
 * place cannot be read or written
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
export function fileHandler(path: string, options: OnFileSystem = {}): tf.io.IOHandler {
  const { fileSystem } = parseOptions('fileHandler', onFileSystem, options);
  return { save: (artifacts) => save(path, artifacts, fileSystem), load: () => load(path, fileSystem) };
}

/**
 * Makes `file://` URLs known, so that `space.save('file://my-space')` works, and `model.save('file://my-model')` of any other model.
 * `selectRuntime` calls it. If `@tensorflow/tfjs-node` is loaded, it handles the URLs of other models, whichever was loaded first.
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
  const known = globalThis as { [FILE_HANDLER]?: (url: string) => tf.io.IOHandler };
  if (known[FILE_HANDLER] !== undefined) return;
  known[FILE_HANDLER] = (url) => fileHandler(pathOf(url));
  // tfjs types routers as never returning null, though it documents null as "not mine".
  tf.io.registerSaveRouter(router((url) => tf.io.getSaveHandlers(url)) as (url: string | string[]) => tf.io.IOHandler);
  tf.io.registerLoadRouter(router((url) => tf.io.getLoadHandlers(url)) as (url: string | string[]) => tf.io.IOHandler);
}

/** Answers `file://` only if no other handler does, because tf.io accepts only one answer. */
function router(handlersOf: (url: string) => tf.io.IOHandler[]): (url: string | string[]) => tf.io.IOHandler | null {
  let asking = false;
  return (url) => {
    if (asking || typeof url !== 'string' || !url.startsWith('file://')) return null;
    asking = true;
    try {
      return handlersOf(url).length > 0 ? null : fileHandler(pathOf(url));
    } finally {
      asking = false;
    }
  };
}

/** `file://my-space` is relative, as tfjs has it; `file:///…` is what `pathToFileURL` gives. `%20` is a blank in both. */
function pathOf(url: string): string {
  if (url.startsWith('file:///')) return fileURLToPath(url);
  const path = url.slice('file://'.length);
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // a name with a bare %
  }
}

async function save(folder: string, artifacts: tf.io.ModelArtifacts, fileSystem: FileSystem): Promise<tf.io.SaveResult> {
  if ((await kindOf(folder, fileSystem)) === 'file') {
    throw new NetSpaceError('INVALID_OPTION', `fileHandler: expected a folder to save to, got the file ${folder}; name another path`);
  }
  const { weightSpecs = [], weightData = new ArrayBuffer(0), getWeightStream: _stream, ...rest } = artifacts;
  const bytes = new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData));
  const weightsName = `weights-${hashOf(bytes)}.bin`;
  const json = JSON.stringify({ ...rest, weightsManifest: [{ paths: [weightsName], weights: weightSpecs }] }, undefined, 1);
  const saveLocked = async (): Promise<void> => {
    await writeAtomically(join(folder, weightsName), bytes, { fileSystem });
    await writeAtomically(join(folder, artifacts.format === 'netspace' ? JSON_NAMES.space : JSON_NAMES.other), json, { fileSystem });
    for (const name of await fileSystem.readdir(folder)) {
      const old = WEIGHTS_NAME.test(name) && name !== weightsName && !(await isNamed(folder, name, fileSystem));
      if (old) await fileSystem.rm(join(folder, name), { force: true });
    }
  };
  await withFolderLock(folder, saveLocked, { fileSystem });
  return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
}

/** Whether a JSON file of the folder names these weights. A space and another model may share a folder. */
async function isNamed(folder: string, weights: string, fileSystem: FileSystem): Promise<boolean> {
  for (const name of Object.values(JSON_NAMES)) {
    try {
      if ((await read(join(folder, name), fileSystem, MODEL_JSON_LIMITS.bytes)).includes(weights)) return true;
    } catch (error) {
      if (!isNetSpaceError(error) || error.code !== 'NOT_FOUND') throw error; // what cannot be read may name them
    }
  }
  return false;
}

/** Tries again if another process replaced the space after its JSON was read and before its weights were. */
async function load(path: string, fileSystem: FileSystem): Promise<tf.io.ModelArtifacts> {
  for (let attempt = 0; ; attempt++) {
    const file = await jsonFile(path, fileSystem);
    const json = await read(file, fileSystem, MODEL_JSON_LIMITS.bytes);
    try {
      return await tf.io.getModelArtifactsForJSON(parseModelJson('fileHandler', file, json), async (manifest) => [
        tf.io.getWeightSpecs(manifest),
        await readWeights(file, manifest, fileSystem),
      ]);
    } catch (error) {
      const replaced =
        isNetSpaceError(error) && error.code === 'NOT_FOUND' && !(await read(file, fileSystem, MODEL_JSON_LIMITS.bytes)).equals(json);
      if (!replaced || attempt === 20) throw error;
      await setTimeout(5);
    }
  }
}

async function jsonFile(path: string, fileSystem: FileSystem): Promise<string> {
  if (extname(path).toLowerCase() === '.json' && (await kindOf(path, fileSystem)) !== 'folder') return path;
  const [space, other] = [join(path, JSON_NAMES.space), join(path, JSON_NAMES.other)];
  return (await kindOf(space, fileSystem)) === 'nothing' && (await kindOf(other, fileSystem)) === 'file' ? other : space;
}

async function readWeights(file: string, manifest: tf.io.WeightsManifestConfig, fileSystem: FileSystem): Promise<ArrayBuffer[]> {
  const folder = dirname(file);
  const buffers = [];
  for (const name of manifest.flatMap(({ paths }) => paths)) {
    const bytes = await read(inside(folder, name), fileSystem);
    const expected = WEIGHTS_NAME.test(basename(name)) ? basename(name).slice(8, 24) : undefined;
    if (expected !== undefined && hashOf(bytes) !== expected) {
      throw new NetSpaceError('CORRUPT_FILE', `fileHandler: ${name} in ${folder} is not what was saved; restore it from a copy`);
    }
    buffers.push(new Uint8Array(bytes).buffer);
  }
  return buffers;
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

async function read(file: string, fileSystem: FileSystem, limit: number = FILE_LIMITS.weights): Promise<Buffer> {
  try {
    const { buffer, byteOffset, byteLength } = await fileSystem.readFile(file, { caller: 'fileHandler', limit });
    return Buffer.from(buffer, byteOffset, byteLength);
  } catch (error) {
    if (!isMissing(error)) throw fileProblem('fileHandler', file, error);
    throw new NetSpaceError('NOT_FOUND', `fileHandler: expected a saved space at ${file}, got no such file; check the path`, {
      cause: error,
    });
  }
}

async function kindOf(path: string, fileSystem: FileSystem): Promise<'file' | 'folder' | 'nothing'> {
  try {
    return (await fileSystem.stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (isMissing(error)) return 'nothing';
    throw fileProblem('fileHandler', path, error);
  }
}
