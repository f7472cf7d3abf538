import * as tf from '@tensorflow/tfjs-core';

import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { parseJson } from '@netspace/prep/internal';
import { readSafetensors, writeSafetensors, type RawTensor } from '@netspace/formats';

import type { CheckpointStorage } from './storage.js';

const FORMAT = 'netspace-checkpoint-1';

/** Everything a run needs to go on as if it had never stopped. */
export interface Checkpoint {
  /** Steps done. */
  readonly step: number;
  /** What the run was started with, as JSON; a run with another config is another run. */
  readonly config: unknown;
  /** Versions of packages and runtime; bits may differ between them. */
  readonly versions: Readonly<Record<string, string>>;
  /** Weights, optimizer state and running sums by name, float32 or int32. */
  readonly tensors: Readonly<Record<string, tf.Tensor>>;
}

/**
 * Writes a checkpoint as one safetensors file, whole or not at all; the tensors stay the caller's.
 *
 * @throws NetSpaceError `UNSUPPORTED` for a tensor that is neither float32 nor int32
 */
export async function writeCheckpoint(storage: CheckpointStorage, { step, config, versions, tensors }: Checkpoint): Promise<void> {
  const raw = new Map<string, RawTensor>();
  for (const [name, tensor] of Object.entries(tensors)) raw.set(name, await toRaw(name, tensor));
  const metadata = { format: FORMAT, step: String(step), config: JSON.stringify(config), versions: JSON.stringify(versions) };
  await storage.write(writeSafetensors(raw, { metadata }));
}

/**
 * Reads a checkpoint; the caller disposes its tensors.
 *
 * @returns undefined if there is none
 * @throws NetSpaceError `CORRUPT_FILE` if the file is not a whole checkpoint
 */
export async function readCheckpoint(storage: CheckpointStorage): Promise<Checkpoint | undefined> {
  const path = storage.name;
  const bytes = await storage.read();
  if (bytes === undefined) return undefined;
  const { tensors, metadata } = readFrom(path, bytes);
  const step = Number(metadata['step']);
  if (metadata['format'] !== FORMAT || !Number.isInteger(step)) {
    throw new NetSpaceError('CORRUPT_FILE', `readCheckpoint: expected a '${FORMAT}' file at ${path}, got '${metadata['format']}'`);
  }
  return {
    step,
    config: parse(path, metadata['config']),
    versions: parse(path, metadata['versions']) as Record<string, string>,
    tensors: Object.fromEntries([...tensors].map(([name, raw]) => [name, fromRaw(path, name, raw)])),
  };
}

/** The tensors whose names begin with `prefix`, without it. */
export const tensorsUnder = (tensors: Readonly<Record<string, tf.Tensor>>, prefix: string): Record<string, tf.Tensor> =>
  Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );

async function toRaw(name: string, tensor: tf.Tensor): Promise<RawTensor> {
  const { shape } = tensor;
  const data = await tensor.data();
  if (tensor.dtype === 'float32' && data instanceof Float32Array) return { dtype: 'F32', shape, data };
  if (tensor.dtype === 'int32' && data instanceof Int32Array) return { dtype: 'I32', shape, data };
  throw new NetSpaceError('UNSUPPORTED', `writeCheckpoint: expected float32 or int32, got ${tensor.dtype} for '${name}'; cast it`);
}

function fromRaw(path: string, name: string, raw: RawTensor): tf.Tensor {
  if (raw.dtype === 'F32') return tf.tensor(raw.data, [...raw.shape], 'float32');
  if (raw.dtype === 'I32') return tf.tensor(raw.data, [...raw.shape], 'int32');
  throw new NetSpaceError('CORRUPT_FILE', `readCheckpoint: expected F32 or I32, got ${raw.dtype} for '${name}' in ${path}`);
}

function readFrom(path: string, bytes: Uint8Array) {
  try {
    return readSafetensors(bytes);
  } catch (error) {
    if (!isNetSpaceError(error)) throw error;
    throw new NetSpaceError(error.code, `readCheckpoint: ${path} is not a whole checkpoint: ${error.message}`, { cause: error });
  }
}

function parse(path: string, json: string | undefined): unknown {
  try {
    return parseJson(json ?? '');
  } catch (error) {
    throw new NetSpaceError('CORRUPT_FILE', `readCheckpoint: expected JSON in the metadata of ${path}, got something else`, {
      cause: error,
    });
  }
}
