/** By how much each gradient moves, under its name: `embedding` or a parameter's; PyTorch's axis order. */
export type Move = Map<string, Float64Array>;

/** A choice that float32 cannot make: the sign of a unit before its activation, or which of two positions has the maximum. */
export interface Tie {
  readonly name: string;
  /** Its distance from zero, or of the two values from each other, in the layer's rms; worked out in double precision. */
  readonly distance: number;
  /** By how much gradients move if it is decided the other way; up to the sign. */
  move(): Move;
}

/** Where float32 may go wrong, in a layer's rms: measured, its errors are below 1.6e-6 (bench/peers/make_grads.py against double). */
export const NEAR = 4e-6;

/** Slope of the leaky ReLU below zero, and how much it changes at zero. */
export const SLOPE = 0.01;
export const KINK = 1 - SLOPE;

export const leaky = (z: number): number => (z > 0 ? z : SLOPE * z);
export const slopeAt = (z: number): number => (z > 0 ? 1 : SLOPE);

export function rms(values: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += values[i]! ** 2;
  return Math.sqrt(squares / Math.max(1, values.length));
}

/** The array of one gradient in a move, made at its first use. */
export function gradientIn(move: Move, name: string, size: number): Float64Array {
  const found = move.get(name) ?? new Float64Array(size);
  move.set(name, found);
  return found;
}
