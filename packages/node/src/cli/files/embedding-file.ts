import type { NetSpace } from '@netspace/model';
import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { parseJson } from '@netspace/prep/internal';
import { rawToFloat32, readSafetensors, writeSafetensors } from '@netspace/formats';
import * as tf from '@tensorflow/tfjs-core';

import { writeAtomically } from '../../files/write-atomically.js';
import type { Called } from '../called.js';
import { readBytes } from './instance-file.js';
import { spaceFingerprint } from './space-fingerprint.js';

/** Embeddings with the names of the networks they came from. */
export interface NamedEmbeddings {
  readonly names: readonly string[];
  /** `[B, E]` */
  readonly embeddings: tf.Tensor2D;
}

/** Embeddings of a file, with the fingerprint of the space that they are of; files of earlier versions, and of others, have none. */
export interface ReadEmbeddings extends NamedEmbeddings {
  readonly space: string | undefined;
}

/** Writes embeddings as safetensors: one tensor `embeddings`, the names and the space's fingerprint in the metadata. */
export async function writeEmbeddings(path: string, { names, embeddings }: NamedEmbeddings, space: NetSpace): Promise<void> {
  const raw = { dtype: 'F32', shape: embeddings.shape, data: Float32Array.from(await embeddings.data()) } as const;
  const metadata = { names: JSON.stringify(names), space: await spaceFingerprint(space) };
  await writeAtomically(path, writeSafetensors(new Map([['embeddings', raw]]), { metadata }));
}

/**
 * Reads embeddings; where the file has no names they are numbered.
 *
 * @throws NetSpaceError `NOT_FOUND` if there is no such file, `CORRUPT_FILE` if it is no safetensors or holds no tensor
 *   `embeddings` of two axes
 */
export async function readEmbeddings(path: string, called: Called = {}): Promise<ReadEmbeddings> {
  const { tensors, metadata } = await readTensors(path, called);
  const raw = tensors.get('embeddings');
  if (raw?.shape.length !== 2) {
    throw new NetSpaceError('CORRUPT_FILE', `expected a tensor 'embeddings' of two axes in ${path}, got [${raw?.shape ?? 'none'}]`);
  }
  const [count, size] = raw.shape as [number, number];
  const names = parseNames(metadata['names'], count);
  return { names, embeddings: tf.tensor2d(rawToFloat32(raw), [count, size]), space: metadata['space'] };
}

function parseNames(json: string | undefined, count: number): readonly string[] {
  try {
    const names: unknown = parseJson(json ?? '');
    if (Array.isArray(names) && names.length === count && names.every((name) => typeof name === 'string')) return names;
  } catch {
    // no names: numbers will do
  }
  return Array.from({ length: count }, (_, i) => String(i));
}

/** Names the file and what belongs there: a network is easily passed where its embedding is meant. */
async function readTensors(path: string, { netspace = 'netspace' }: Called): Promise<ReturnType<typeof readSafetensors>> {
  const bytes = await readBytes(path);
  try {
    return readSafetensors(bytes);
  } catch (error) {
    if (!isNetSpaceError(error)) throw error;
    throw new NetSpaceError(error.code, `${path}: ${error.message}; name a file that '${netspace} encode' or 'optimize' wrote`, {
      cause: error,
    });
  }
}
