/**
 * One digit of an index: the number of its values and the distance of each step, in floats. A list of digits, outermost first, gives the
 * place of every value of an index: `[[rows, rowStride], [columns, 1]]`.
 */
export type Digit = readonly [size: number, stride: number];
export type Index = readonly Digit[];

export const indexSize = (index: Index): number => index.reduce((size, [digit]) => size * digit, 1);

/** Whether values come in runs of at least four neighbors. */
export function comesInRuns(index: Index): boolean {
  const [size, stride] = index.findLast(([digits]) => digits > 1) ?? [1, 1];
  return stride === 1 && size >= 4;
}

/** Writes the byte offset of every value of an index, in order, and returns how many there are. */
export function writeOffsets(index: Index, target: Int32Array, at: number): number {
  target[at] = 0;
  let count = 1;
  for (let d = index.length - 1; d >= 0; d--) {
    const [size, stride] = index[d]!;
    if (size === 0) return 0;
    for (let digit = 1; digit < size; digit++) {
      const shift = digit * stride * 4;
      for (let i = 0; i < count; i++) target[at + digit * count + i] = target[at + i]! + shift;
    }
    count *= size;
  }
  return count;
}
