import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { instanceFromCheckpoint, type InstanceFromCheckpointOptions } from '@netspace/formats';
import { instanceFromOnnx } from '@netspace/onnx';
import { NetSpaceError, type Architecture, type Instance } from '@netspace/prep';

import { openZooFolder } from '../../architectures/open-zoo-folder.js';
import { fileProblem, isMissing } from '../../files/file-problem.js';
import { ofFile } from '../../files/of-file.js';
import { FILE_LIMITS, readRegularFile } from '../../files/read-regular-file.js';
import { writeAtomically } from '../../files/write-atomically.js';
import { instanceOfModel, isModelPath, MODEL_JSON } from '../../architectures/layers-models.js';
import { isGraphPath } from '../../architectures/named-architecture.js';
import { networkFiles, type NetworkFormat } from './network-formats.js';

/**
 * Writes a network.
 *
 * @param path without the ending, which the format gives
 * @returns the path of what was written
 */
export async function writeInstance(path: string, instance: Instance, format: NetworkFormat = 'safetensors'): Promise<string> {
  const files = await networkFiles(instance, format);
  for (const { ending, bytes } of files) await writeAtomically(path + ending, bytes);
  return path + files[0]!.ending;
}

/**
 * Reads a network of a known architecture from safetensors, from PyTorch's own formats, from ONNX or from a `tf.LayersModel` (its JSON or its
 * folder); or from a zoo, by its folder and its name: `zoo/chair-1`.
 *
 * @throws NetSpaceError `NOT_FOUND` if there is no such file, as `instanceFromCheckpoint` if it is damaged or of another architecture
 */
export async function readInstance(
  path: string,
  architecture: Architecture,
  options: InstanceFromCheckpointOptions = {},
): Promise<Instance> {
  if (isModelPath(path) || existsSync(join(path, MODEL_JSON))) return instanceOfModel(path, architecture);
  const bytes = await readBytes(path).catch(async (error: unknown) => {
    const stored = await inZoo(path, architecture);
    if (stored === undefined) throw error;
    return stored;
  });
  if (!(bytes instanceof Uint8Array)) return bytes;
  return ofFile(path, () =>
    isGraphPath(path) ? instanceFromOnnx(architecture, bytes) : instanceFromCheckpoint(architecture, bytes, options),
  );
}

/** The network of a zoo that a path names; undefined if it names none. */
async function inZoo(path: string, { name: wanted }: Architecture): Promise<Instance | undefined> {
  const [folder, name] = [dirname(path), basename(path)];
  const store = await openZooFolder(folder).catch(() => undefined);
  const record = (await store?.list().catch(() => []))?.find((one) => one.name === name);
  if (store === undefined || record === undefined) return undefined;
  if (record.architecture !== wanted) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `expected a ${wanted}, got ${name} of ${folder}, which is a ${record.architecture}; name another`,
    );
  }
  const { architecture, parameters } = await store.load(name);
  return { architecture, parameters };
}

/** A file's bytes; `NOT_FOUND` if there is none. */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readRegularFile('readBytes', path, FILE_LIMITS.weights);
  } catch (error) {
    if (!isMissing(error)) throw fileProblem('readBytes', path, error);
    throw new NetSpaceError('NOT_FOUND', `expected a file at ${path}, got none; check the path`, { cause: error });
  }
}
