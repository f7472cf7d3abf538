import { rawToFloat32, readSafetensors } from '@netspace/formats';
import { NetSpaceError } from '@netspace/prep';

import { FOLDER_LIMITS } from '../../folder/limits.js';
import type { ExplorerManifest } from '../../folder/manifest.js';

/** Most bytes of the file: as float64, with a list of names. */
export const EMBEDDINGS_BYTES = 8 * FOLDER_LIMITS.embeddingNumbers + FOLDER_LIMITS.manifestBytes;

/**
 * The embeddings of a folder, `[networks, E]`, in the manifest's order.
 *
 * @throws NetSpaceError `CORRUPT_FILE` if they are not one row a network, are of other networks, or are not finite; `LIMIT_EXCEEDED` for more
 *   numbers than allowed; as `readSafetensors`
 */
export function readEmbeddings(bytes: Uint8Array, { embeddings: file, networks }: ExplorerManifest): Float32Array {
  const { tensors, metadata } = readSafetensors(bytes);
  const raw = tensors.get('embeddings');
  if (raw === undefined) throw corrupt(file, 'a tensor embeddings', [...tensors.keys()].slice(0, 5).join(', ') || 'none');
  const [count, size] = raw.shape;
  if (raw.shape.length !== 2 || count !== networks.length || size === undefined || size === 0) {
    throw corrupt(file, `one row for each of ${networks.length} networks`, `shape [${raw.shape}]`);
  }
  if (size > FOLDER_LIMITS.embeddingSize || count * size > FOLDER_LIMITS.embeddingNumbers) {
    throw new NetSpaceError(
      'LIMIT_EXCEEDED',
      `${file}: expected at most ${FOLDER_LIMITS.embeddingSize} numbers a network and ${FOLDER_LIMITS.embeddingNumbers} in all, got [${raw.shape}]; export fewer networks`,
    );
  }
  if (raw.dtype !== 'F32' && raw.dtype !== 'F16') throw corrupt(file, 'F32 or F16', raw.dtype);
  checkNames(file, metadata['names'], networks);
  const values = rawToFloat32(raw);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw corrupt(file, 'finite numbers', `${values[bad]} in the row of ${networks[Math.floor(bad / size)]?.name}`);
  return values;
}

/** Rows of other networks, or in another order, would be points with wrong names. */
function checkNames(file: string, names: string | undefined, networks: ExplorerManifest['networks']): void {
  if (names === undefined) return;
  let list: unknown;
  try {
    list = JSON.parse(names);
  } catch {
    list = undefined;
  }
  if (!Array.isArray(list)) throw corrupt(file, 'names as a JSON list in its metadata', 'something else');
  const other = networks.findIndex(({ name }, i) => list[i] !== name);
  if (other >= 0) throw corrupt(file, `row ${other} to be of ${networks[other]!.name}`, String(list[other]));
}

const corrupt = (file: string, expected: string, got: string): NetSpaceError =>
  new NetSpaceError('CORRUPT_FILE', `${file}: expected ${expected}, got ${got}; export the space again (netspace export)`);
