import * as tf from '@tensorflow/tfjs-core';

import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { parseJson } from '@netspace/prep/internal';
import { readSafetensors, writeSafetensors, type RawTensor } from '@netspace/formats';
import { sha256 } from '@netspace/zoo/internal';

import type { CheckpointStorage } from './storage.js';

const FORMAT = 'netspace-checkpoint-2';
/** The format of earlier versions, without a checksum. */
const FORMER_FORMAT = 'netspace-checkpoint-1';

/** A rewind: a run that diverged was put back to an earlier step and went on with half its learning rate. */
export interface Rewind {
  /** The step after which it was found to have diverged. */
  readonly from: number;
  /** The step that it was put back to. */
  readonly to: number;
  /** Name of the loss term or weight that was not finite. */
  readonly term: string;
}

/** Everything a run needs to go on as if it had never stopped. */
export interface Checkpoint {
  /** Steps done. */
  readonly step: number;
  /** The settings of the run as JSON. A run with other settings is another run. */
  readonly config: unknown;
  /** Versions of packages and runtime. Results of different versions may differ in their bits. */
  readonly versions: Readonly<Record<string, string>>;
  /** How often, and where, the run was put back because it had diverged; left out if never. */
  readonly rewinds?: readonly Rewind[];
  /** Weights, optimizer state and running sums by name, float32 or int32. */
  readonly tensors: Readonly<Record<string, tf.Tensor>>;
}

/** A checkpoint in memory, ready to be written. */
export interface RawCheckpoint extends Omit<Checkpoint, 'tensors'> {
  readonly tensors: ReadonlyMap<string, RawTensor>;
}

/**
 * Writes a checkpoint as one safetensors file with the SHA-256 of its contents, completely or not at all. The caller keeps its tensors.
 *
 * @throws NetSpaceError `UNSUPPORTED` for a tensor that is neither float32 nor int32
 */
export async function writeCheckpoint(storage: CheckpointStorage, { tensors, ...rest }: Checkpoint): Promise<void> {
  await writeRawCheckpoint(storage, { ...rest, tensors: await rawTensors(tensors) });
}

/** As {@link writeCheckpoint}, with tensors that were already read. */
export async function writeRawCheckpoint(
  storage: CheckpointStorage,
  { step, config, versions, rewinds, tensors }: RawCheckpoint,
): Promise<void> {
  const metadata = {
    ...{ format: FORMAT, step: String(step), config: JSON.stringify(config), versions: JSON.stringify(versions) },
    ...(rewinds !== undefined && rewinds.length > 0 && { rewinds: JSON.stringify(rewinds) }),
  };
  const sum = await checksum(metadata, tensors);
  await storage.write(writeSafetensors(new Map(tensors), { metadata: { ...metadata, sha256: sum } }));
}

/**
 * Reads tensors from the device.
 *
 * @throws NetSpaceError `UNSUPPORTED` for a tensor that is neither float32 nor int32
 */
export async function rawTensors(tensors: Readonly<Record<string, tf.Tensor>>): Promise<ReadonlyMap<string, RawTensor>> {
  const raw = new Map<string, RawTensor>();
  for (const [name, tensor] of Object.entries(tensors)) raw.set(name, await toRaw(name, tensor));
  return raw;
}

/**
 * Reads a checkpoint; the caller disposes its tensors.
 *
 * @returns undefined if there is none
 * @throws NetSpaceError `CORRUPT_FILE` if the file is not a complete checkpoint, or was changed: the SHA-256 of its contents differs from
 * the one in it. Files of earlier versions have none.
 */
export async function readCheckpoint(storage: CheckpointStorage): Promise<Checkpoint | undefined> {
  const path = storage.name;
  const bytes = await storage.read();
  if (bytes === undefined) return undefined;
  const { tensors, metadata } = readFrom(path, bytes);
  await checkContents(path, metadata, tensors);
  const rewinds = metadata['rewinds'] === undefined ? undefined : parseRewinds(path, metadata['rewinds']);
  const step = parseStep(path, metadata['step']);
  const config = parse(path, metadata['config']);
  const versions = parse(path, metadata['versions']) as Record<string, string>;
  const unread = [...tensors].find(([, { dtype }]) => dtype !== 'F32' && dtype !== 'I32');
  if (unread !== undefined) {
    throw new NetSpaceError('CORRUPT_FILE', `readCheckpoint: expected F32 or I32, got ${unread[1].dtype} for '${unread[0]}' in ${path}`);
  }
  const read = Object.fromEntries([...tensors].map(([name, raw]) => [name, fromRaw(raw)]));
  return { step, config, versions, ...(rewinds && { rewinds }), tensors: read };
}

async function checkContents(path: string, metadata: Readonly<Record<string, string>>, tensors: ReadonlyMap<string, RawTensor>) {
  const { format, sha256: expected, ...rest } = metadata;
  if (format === FORMER_FORMAT) return;
  if (format !== FORMAT) {
    throw new NetSpaceError('CORRUPT_FILE', `readCheckpoint: expected a '${FORMAT}' file at ${path}, got '${format}'`);
  }
  const got = await checksum({ format, ...rest }, tensors);
  if (got === expected) return;
  throw new NetSpaceError(
    'CORRUPT_FILE',
    `readCheckpoint: expected contents of SHA-256 ${expected ?? '(missing)'} in ${path}, got ${got}; the file was changed or damaged; take a copy of it, or start from the beginning`,
  );
}

/** SHA-256 over the contents of a checkpoint in a fixed order, so that the layout of the file does not matter. */
async function checksum(metadata: Readonly<Record<string, string>>, tensors: ReadonlyMap<string, RawTensor>): Promise<string> {
  const parts: unknown[] = [Object.entries(metadata).sort(byName)];
  for (const [name, { dtype, shape, data }] of [...tensors].sort(byName)) {
    parts.push([name, dtype, shape, await sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))]);
  }
  return sha256(new TextEncoder().encode(JSON.stringify(parts)));
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

function parseStep(path: string, text: string | undefined): number {
  const step = text !== undefined && /^\d+$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(step)) return step;
  throw new NetSpaceError('CORRUPT_FILE', `readCheckpoint: expected a whole number of steps in the metadata of ${path}, got '${text}'`);
}

function parseRewinds(path: string, json: string): readonly Rewind[] {
  const isRewind = (value: unknown): value is Rewind =>
    typeof value === 'object' && value !== null && ['from', 'to', 'term'].every((key) => key in value);
  const list = parse(path, json);
  if (Array.isArray(list) && list.every(isRewind)) return list;
  throw new NetSpaceError('CORRUPT_FILE', `readCheckpoint: expected a list of rewinds in the metadata of ${path}, got something else`);
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

const fromRaw = ({ dtype, data, shape }: RawTensor): tf.Tensor => tf.tensor(data as Float32Array | Int32Array, [...shape], dtype === 'F32' ? 'float32' : 'int32'); // prettier-ignore

function readFrom(path: string, bytes: Uint8Array) {
  try {
    return readSafetensors(bytes);
  } catch (error) {
    if (!isNetSpaceError(error)) throw error;
    throw new NetSpaceError(error.code, `readCheckpoint: ${path} is not a complete checkpoint: ${error.message}`, { cause: error });
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
