/** One axis of a strided convolution. */
export interface Axis {
  /** Input positions. */
  readonly size: number;
  /** Output positions. */
  readonly outSize: number;
  readonly taps: number;
  readonly stride: number;
  /** Padding before the first input position. */
  readonly pad: number;
}

/** The input positions of one remainder modulo the stride, whose gradient is a stride-1 convolution of the output's. */
export interface AxisPhase {
  /** The first of these input positions and their number; position i is `first + i · stride`. */
  readonly first: number;
  readonly count: number;
  /** The number of taps that these positions use; tap j is `firstTap + j · stride`. */
  readonly taps: number;
  readonly firstTap: number;
  /** The output position that uses the first input position by the first tap: ⌊(first + pad) / stride⌋. */
  readonly quotient: number;
  /** Padding that the output's gradient needs for them. */
  readonly padBefore: number;
  readonly padAfter: number;
}

/**
 * Splits the input gradient of a strided convolution along one axis.
 *
 * Output position o uses input position i by tap k if `i + pad = o · stride + k`. So all i with one remainder `r = (i + pad) mod stride`
 * are used by the taps r, r + stride, …. With `q = ⌊(i + pad) / stride⌋` the gradient is `dx_q = Σ_j dy_{q−j} w_{r + j·stride}`.
 */
export function axisPhases({ size, outSize, taps, stride, pad }: Axis): AxisPhase[] {
  return Array.from({ length: Math.min(stride, size) }, (_, first) => {
    const remainder = (first + pad) % stride;
    const q = Math.floor((first + pad) / stride);
    const count = Math.ceil((size - first) / stride);
    const phaseTaps = Math.max(0, Math.ceil((taps - remainder) / stride));
    return {
      first,
      count,
      taps: phaseTaps,
      firstTap: remainder,
      quotient: q,
      padBefore: Math.max(0, phaseTaps - 1 - q),
      padAfter: Math.max(0, q + count - outSize),
    };
  });
}
