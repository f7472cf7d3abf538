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
  const rowOf = (row: number): string => `the row of ${networks[row]?.name}`;
  const { values, names } = readRows(bytes, { file, wanted: `one row for each of ${networks.length} networks`, rows: networks.length, rowOf }); // prettier-ignore
  checkNames(file, names, networks);
  return values;
}

/**
 * The embeddings that refinement starts at, `[K, E]`.
 *
 * @throws NetSpaceError `CORRUPT_FILE` if they are not rows of E finite numbers; `LIMIT_EXCEEDED` for more numbers than allowed; as `readSafetensors`
 */
export function readKnown(bytes: Uint8Array, file: string, size: number): Float32Array {
  return readRows(bytes, { file, wanted: `rows of ${size} numbers`, size, rowOf: (row) => `row ${row}` }).values;
}

interface Wanted {
  readonly file: string;
  /** In words. */
  readonly wanted: string;
  readonly rows?: number;
  readonly size?: number;
  readonly rowOf: (row: number) => string;
}

function readRows(bytes: Uint8Array, { file, wanted, rows, size: expected, rowOf }: Wanted) {
  const { tensors, metadata } = readSafetensors(bytes);
  const raw = tensors.get('embeddings');
  if (raw === undefined) throw corrupt(file, 'a tensor embeddings', [...tensors.keys()].slice(0, 5).join(', ') || 'none');
  const [count, size] = raw.shape;
  const isWanted = raw.shape.length === 2 && (rows === undefined ? count !== 0 : count === rows) && size === (expected ?? size);
  if (!isWanted || count === undefined || size === undefined || size === 0) throw corrupt(file, wanted, `shape [${raw.shape}]`);
  if (size > FOLDER_LIMITS.embeddingSize || count * size > FOLDER_LIMITS.embeddingNumbers) {
    throw new NetSpaceError(
      'LIMIT_EXCEEDED',
      `${file}: expected at most ${FOLDER_LIMITS.embeddingSize} numbers a network and ${FOLDER_LIMITS.embeddingNumbers} in all, got [${raw.shape}]; export fewer networks`,
    );
  }
  if (raw.dtype !== 'F32' && raw.dtype !== 'F16') throw corrupt(file, 'F32 or F16', raw.dtype);
  const values = rawToFloat32(raw);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw corrupt(file, 'finite numbers', `${values[bad]} in ${rowOf(Math.floor(bad / size))}`);
  return { values, names: metadata['names'] };
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
