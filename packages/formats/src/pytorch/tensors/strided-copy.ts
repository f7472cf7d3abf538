/** A view of a flat array; `offset` and `strides` in elements. */
interface StridedView {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

/** One past the last element that a view reads, 0 for an empty one. */
export const viewEnd = ({ shape, strides, offset }: StridedView): number =>
  shape.includes(0) ? 0 : shape.reduce((last, size, axis) => last + (size - 1) * strides[axis]!, offset) + 1;

/** Copies a view, which must lie within the source, into row-major order. */
export function copyStrided(source: Uint8Array, { shape, strides, offset }: StridedView, itemSize: number): ArrayBuffer {
  const size = shape.reduce((product, side) => product * side, 1);
  const target = new Uint8Array(size * itemSize);
  let written = 0;
  const contiguousFrom = firstContiguousAxis(shape, strides);
  const run = shape.slice(contiguousFrom).reduce((product, side) => product * side, 1);
  // For runs of single elements, as in a transposed matrix, calls of `set` would be slow.
  const copyRun = (from: number): void => {
    const [start, bytes] = [from * itemSize, run * itemSize];
    if (bytes > 32) target.set(source.subarray(start, start + bytes), written);
    else for (let i = 0; i < bytes; i++) target[written + i] = source[start + i]!;
    written += bytes;
  };
  const visit = (axis: number, from: number): void => {
    if (axis === contiguousFrom) copyRun(from);
    else for (let i = 0; i < shape[axis]!; i++) visit(axis + 1, from + i * strides[axis]!);
  };
  if (size > 0) visit(0, offset);
  return target.buffer;
}

/** The axes from this one on lie row-major in the source, so that they copy in one go. */
const firstContiguousAxis = (shape: readonly number[], strides: readonly number[]): number => {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return axis + 1;
    expected *= shape[axis]!;
  }
  return 0;
};
