import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { NetSpace } from '@netspace/model';
import { NetSpaceError } from '@netspace/prep';
import { trainedEmbeddings } from '@netspace/train';
import type * as tf from '@tensorflow/tfjs-core';

import { checkpointFile } from '../../files/checkpoint-file.js';
import { type NamedEmbeddings, readEmbeddings, writeEmbeddings } from './embedding-file.js';
import { spaceFingerprint } from './space-fingerprint.js';

/** Where a run of free embeddings leaves those of its networks, beside the space. */
const KNOWN_FILE = 'known.safetensors';

/**
 * Writes the embeddings that a finished run of free embeddings has found beside its space, as `encode` writes embeddings.
 *
 * @throws NetSpaceError as `trainedEmbeddings`
 */
export async function writeKnown(folder: string, names: readonly string[], space: NetSpace): Promise<void> {
  const embeddings = await trainedEmbeddings(checkpointFile(join(folder, 'checkpoint.safetensors')));
  await writeEmbeddings(join(folder, KNOWN_FILE), { names, embeddings }, space).finally(() => embeddings.dispose());
}

/**
 * The embeddings of the networks that the space in a folder learned with, from which refinements start; undefined if it has none.
 *
 * @returns `[N, E]`; the caller disposes of it
 * @throws NetSpaceError `CORRUPT_FILE` for a damaged file, `INVALID_OPTION` for one of another space
 */
export async function readKnown(folder: string, space: NetSpace): Promise<tf.Tensor2D | undefined> {
  return (await readNamed(folder, space))?.embeddings;
}

/**
 * Copies the file beside another form of the same space, such as one of less precision.
 *
 * @returns its name; undefined if there is none
 */
export async function copyKnown(from: string, space: NetSpace, to: string, written: NetSpace): Promise<string | undefined> {
  const known = await readNamed(from, space);
  if (known === undefined) return undefined;
  await writeEmbeddings(join(to, KNOWN_FILE), known, written).finally(() => known.embeddings.dispose());
  return KNOWN_FILE;
}

async function readNamed(folder: string, space: NetSpace): Promise<NamedEmbeddings | undefined> {
  const path = join(folder, KNOWN_FILE);
  if (!existsSync(path)) return undefined;
  const { names, embeddings, space: of } = await readEmbeddings(path);
  if (of === (await spaceFingerprint(space))) return { names, embeddings };
  embeddings.dispose();
  throw new NetSpaceError(
    'INVALID_OPTION',
    `expected in ${path} embeddings of the space beside it, got those of another; if the space was trained here, netspace train --out ${folder} --resume writes it again; else remove the file, and refinements start at encodings`,
  );
}
