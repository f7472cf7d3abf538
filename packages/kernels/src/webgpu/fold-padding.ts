/** Zeros before and after along one dimension. */
export type PadPair = readonly [before: number, after: number];

/** One padding of an array seen with fewer dimensions. */
export interface FoldedPadding {
  readonly shape: number[];
  readonly paddings: [number, number][];
}

/** The most dimensions that get padding in one step. Each may be preceded by one without padding. */
const AT_ONCE = 2;

/**
 * Writes the padding of an array of any rank as paddings, one after the other, of arrays of at most four dimensions:
 * a dimension without padding is one with the dimension before it, `[a, b] → [a · b]` with `b` times the padding.
 */
export function foldPadding(shape: readonly number[], paddings: readonly PadPair[]): FoldedPadding[] {
  const padded = paddings.flatMap(([before, after], axis) => (before + after > 0 ? [axis] : []));
  const first = new Set(padded.slice(0, AT_ONCE));
  const now = paddings.map((pair, axis): PadPair => (first.has(axis) ? pair : [0, 0]));
  const folded = fold(shape, now);
  if (padded.length <= AT_ONCE) return [folded];
  const later = paddings.map((pair, axis): PadPair => (first.has(axis) ? [0, 0] : pair));
  return [folded, ...foldPadding(paddedShape(shape, now), later)];
}

export const paddedShape = (shape: readonly number[], paddings: readonly PadPair[]): number[] =>
  shape.map((size, axis) => paddings[axis]![0] + size + paddings[axis]![1]);

function fold(shape: readonly number[], paddings: readonly PadPair[]): FoldedPadding {
  const folded: FoldedPadding = { shape: [], paddings: [] };
  shape.forEach((size, axis) => {
    const [before, after] = paddings[axis]!;
    const last = folded.shape.length - 1;
    if (last >= 0 && before + after === 0) {
      folded.shape[last] = folded.shape[last]! * size;
      folded.paddings[last] = [folded.paddings[last]![0] * size, folded.paddings[last]![1] * size];
    } else {
      folded.shape.push(size);
      folded.paddings.push([before, after]);
    }
  });
  return folded;
}
