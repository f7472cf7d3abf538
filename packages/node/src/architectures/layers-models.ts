import { extname, join } from 'node:path';

import { type Architecture, type Instance, isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { instanceFromLayersModel } from '@netspace/zoo';
import { architectureFromModelFile, architectureFromModelJson, type ModelReading, withLimitedWeights } from '@netspace/zoo/internal';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

import { fileHandler } from '../files/file-handler.js';
import { fileProblem, isMissing } from '../files/file-problem.js';
import { FILE_LIMITS, readRegularFile } from '../files/read-regular-file.js';

/** The name that TensorFlow.js gives the JSON of a model, beside its weights. */
export const MODEL_JSON = 'model.json';

/** Whether a command or a config names a `tf.LayersModel` by its JSON. */
export const isModelPath = (given: string): boolean => extname(given).toLowerCase() === '.json';

/**
 * The architecture of a `tf.LayersModel` in a file; its weights need not be there.
 *
 * @throws NetSpaceError `UNAVAILABLE` without the package `@tensorflow/tfjs-layers`, `NOT_FOUND` if there is no file; as `architectureFromLayersModel`
 */
export async function architectureOfModel(path: string, reading: ModelReading): Promise<Architecture> {
  const bytes = await readRegularFile('architecture', path, FILE_LIMITS.json).catch((error: unknown) => {
    if (!isMissing(error)) throw fileProblem('architecture', path, error);
    throw new NetSpaceError('NOT_FOUND', `expected a tf.LayersModel at ${path}, got none; check the path`, { cause: error });
  });
  const layers = await loadLayers();
  return ofModelFile(path, () => architectureFromModelJson(bytes, reading, layers));
}

/** By the text of the file: a command asks several times. */
const kept = new Map<string, Promise<Architecture>>();

/** The architecture of a file that lies in a zoo or space. */
export function architectureOfKeptModel(path: string, bytes: Uint8Array): Promise<Architecture> {
  const text = new TextDecoder().decode(bytes);
  const read = async (): Promise<Architecture> => {
    const layers = await loadLayers();
    return ofModelFile(path, () => architectureFromModelFile(bytes, layers));
  };
  const found = kept.get(text) ?? read();
  kept.set(text, found);
  return found;
}

/**
 * The network of a `tf.LayersModel` in a file, with its weights beside it.
 *
 * @param path of its JSON, or of its folder
 * @throws NetSpaceError as `instanceFromLayersModel`; `CORRUPT_FILE` if weights are missing or are no model's
 */
export async function instanceOfModel(path: string, architecture: Architecture): Promise<Instance> {
  const layers = await loadLayers();
  const artifacts = await fileHandler(isModelPath(path) ? path : join(path, MODEL_JSON)).load!();
  const model = await modelWith(layers, artifacts).catch((cause: unknown) => {
    if (isNetSpaceError(cause)) throw new NetSpaceError(cause.code, `${path}: ${cause.message}`, { cause });
    const words = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]!.slice(0, 200);
    throw new NetSpaceError('CORRUPT_FILE', `${path}: expected a tf.LayersModel with its weights, got: ${words}; save it again with model.save`, { cause }); // prettier-ignore
  });
  try {
    return await ofModelFile(path, () => instanceFromLayersModel(model, architecture));
  } finally {
    model.dispose();
  }
}

type Layers = Pick<typeof tfl, 'initializers' | 'layers' | 'loadLayersModel' | 'models'>;

/** A model with its weights: its layers are made first, and may be no larger than those of an architecture. */
async function modelWith(layers: Layers, { modelTopology, weightSpecs, weightData }: tf.io.ModelArtifacts): Promise<tfl.LayersModel> {
  const model = await withLimitedWeights(layers, () => layers.models.modelFromJSON({ modelTopology } as never));
  const weights = tf.io.decodeWeights(weightData ?? new ArrayBuffer(0), weightSpecs ?? []);
  try {
    model.loadWeights(weights);
  } finally {
    tf.dispose(weights);
  }
  return model;
}

/** As `ofFile`, for what takes its time. */
async function ofModelFile<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isNetSpaceError(error)) throw error;
    throw new NetSpaceError(error.code, `${path}: ${error.message}`, { cause: error });
  }
}

/** The layers of TensorFlow.js, which are installed only where such models are read. */
async function loadLayers(): Promise<Layers> {
  if (tf.engine().backendNames().length === 0) await beginQuietly();
  try {
    return await import('@tensorflow/tfjs-layers').catch(() => import('@tensorflow/tfjs'));
  } catch (cause) {
    throw new NetSpaceError(
      'UNAVAILABLE',
      'expected the package @tensorflow/tfjs-layers, which reads a tf.LayersModel, got none that loads; run `npm install @tensorflow/tfjs-layers`',
      { cause },
    );
  }
}

/** Begins a backend, which layers need before the runtime is chosen; without the advice that it prints with its first tensor. */
async function beginQuietly(): Promise<void> {
  await import('@tensorflow/tfjs-backend-cpu');
  const env = tf.env();
  const isProduction = env.getBool('PROD');
  env.set('PROD', true);
  tf.zeros([1]).dispose();
  env.set('PROD', isProduction);
}
