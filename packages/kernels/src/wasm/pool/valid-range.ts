export interface ValidRange {
  /** The first output position that reads inside the input, and how many there are. */
  readonly first: number;
  readonly count: number;
  /** The input position that `first` reads. */
  readonly source: number;
}

/** The output positions of one filter tap whose input position, `position · stride + shift`, lies inside the input. */
export function validRange(shift: number, stride: number, inSize: number, outSize: number): ValidRange {
  const first = Math.max(0, Math.ceil(-shift / stride));
  const last = Math.min(outSize - 1, Math.floor((inSize - 1 - shift) / stride));
  return { first, count: Math.max(0, last - first + 1), source: first * stride + shift };
}
