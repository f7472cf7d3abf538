import { LOAD_LIMITS, NetSpace } from '@netspace/model';
import { MODEL_JSON_LIMITS, parseModelJson, readTopology } from '@netspace/model/internal';
import { type Architecture, isNetSpaceError, type NetSpaceError, type ParameterSpec, unresolvedArchitecture } from '@netspace/prep';
import { architectureByName } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import { FOLDER_LIMITS } from '../../folder/limits.js';
import type { FolderFiles, ReadOptions } from '../files/folder-files.js';
import { graphsOf } from './graphs-of.js';
import { modelsOf } from './models-of.js';

/**
 * Reads a saved space's files and gives a function that loads it, on whichever runtime computes at that time.
 *
 * @param path of its JSON
 * @throws NetSpaceError as `FolderFiles.read` and `NetSpace.load`
 */
export async function spaceLoader(files: FolderFiles, path: string, options: Omit<ReadOptions, 'limit'>): Promise<() => Promise<NetSpace>> {
  const json = parseModelJson('open', path, await files.read(path, { ...options, limit: MODEL_JSON_LIMITS.bytes }));
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  let left: number = FOLDER_LIMITS.spaceBytes;
  const artifacts = await tf.io.getModelArtifactsForJSON(json, async (manifest) => {
    const buffers: ArrayBuffer[] = [];
    for (const file of manifest.flatMap(({ paths }) => paths)) {
      const bytes = await files.read(folder + file, { ...options, limit: left });
      left -= bytes.byteLength;
      buffers.push(bytes.buffer);
    }
    return [tf.io.getWeightSpecs(manifest), buffers];
  });
  const names = readTopology(json.modelTopology).architectures.map(({ name }) => name);
  const graphs = await graphsOf(files, folder, names, options);
  const models = await modelsOf(files, folder, names, options);
  const limits = { weightBytes: Math.min(LOAD_LIMITS.weightBytes, 2 * FOLDER_LIMITS.spaceBytes) };
  return async () => {
    const made = await models();
    return NetSpace.load(tf.io.fromMemory(artifacts), {
      architectures: (name, parameters) => graphs.get(name) ?? made.get(name) ?? resolve(name, parameters),
      limits,
    });
  };
}

/** An architecture of the zoo; of another, such as a tf.LayersModel of a program's own, only the parameters are known: it decodes and does not run. */
function resolve(name: string, parameters: readonly ParameterSpec[]): Architecture {
  try {
    return architectureByName(name);
  } catch (error) {
    if (isNetSpaceError(error) && (error as NetSpaceError).code === 'NOT_FOUND') return unresolvedArchitecture(name, parameters);
    throw error;
  }
}
