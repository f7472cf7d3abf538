import { BLOCK_COLUMNS } from './gemm-module.js';
import { TILE_COLUMNS } from './microkernel.js';

/** Part of a product: these lines and columns of it. */
export interface Chunk {
  readonly lineBegin: number;
  readonly lineEnd: number;
  readonly columnBegin: number;
  readonly columnEnd: number;
}

/** The number of chunks for each thread. If a thread is delayed, the others take the rest. */
const CHUNKS_PER_THREAD = 4;

/**
 * Every chunk packs its columns of the right-hand side again. With at least this number of lines, packing takes a few percent of a product.
 */
const MIN_LINES = 512;

/** The most chunks that `splitProduct` makes. */
export const maxChunks = (threads: number): number => CHUNKS_PER_THREAD * threads * threads;

/**
 * Splits a product among threads that take the next chunk when they are done. It is split by columns first, because then nothing is packed
 * twice.
 */
export function splitProduct(lines: number, columns: number, threads: number, tileRows: number): Chunk[] {
  const wanted = CHUNKS_PER_THREAD * threads;
  const columnRanges = splitRange(columns, Math.min(wanted, Math.ceil(columns / BLOCK_COLUMNS)), TILE_COLUMNS);
  const perColumns = Math.min(Math.ceil(wanted / columnRanges.length), Math.floor(lines / MIN_LINES));
  const least = columnRanges.length % threads === 0 ? 1 : threads;
  const lineRanges = splitRange(lines, Math.max(least, perColumns), tileRows);
  return columnRanges.flatMap(([columnBegin, columnEnd]) =>
    lineRanges.map(([lineBegin, lineEnd]) => ({ lineBegin, lineEnd, columnBegin, columnEnd })),
  );
}

/** A range in parts that are as equal as whole tiles allow. */
function splitRange(size: number, parts: number, tile: number): [begin: number, end: number][] {
  const tiles = Math.ceil(size / tile);
  const count = Math.min(parts, tiles);
  return Array.from({ length: count }, (_, i) => {
    const [begin, end] = [Math.floor((i * tiles) / count) * tile, Math.floor(((i + 1) * tiles) / count) * tile];
    return [begin, Math.min(end, size)];
  });
}
