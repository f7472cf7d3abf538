type Values = Float32Array | Float64Array;

/** A batch norm's numbers, one per output channel. */
export interface NormParts {
  /** 1 if left out. */
  readonly gamma: Values | undefined;
  /** 0 if left out. */
  readonly beta: Values | undefined;
  readonly mean: Values;
  readonly variance: Values;
}

/** `γ / √(σ² + ε)` */
const slope = ({ gamma, variance }: NormParts, channel: number, epsilon: number): number =>
  (gamma?.[channel] ?? 1) / Math.sqrt(variance[channel]! + epsilon);

/** `w · γ / √(σ² + ε)` for a weight in PyTorch's order, whose first axis is the output channel. */
export function foldedWeight(weight: Values, norm: NormParts, epsilon: number): Float64Array {
  const perChannel = weight.length / norm.mean.length;
  return Float64Array.from(weight, (value, i) => value * slope(norm, Math.floor(i / perChannel), epsilon));
}

/** `(b − μ) · γ / √(σ² + ε) + β` */
export const foldedBias = (bias: Values | undefined, norm: NormParts, epsilon: number): Float64Array =>
  Float64Array.from(
    norm.mean,
    (mean, channel) => ((bias?.[channel] ?? 0) - mean) * slope(norm, channel, epsilon) + (norm.beta?.[channel] ?? 0),
  );
