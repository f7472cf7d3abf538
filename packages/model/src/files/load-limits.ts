/** Upper limits of a saved space, checked before anything is allocated. */
export interface LoadLimits {
  /** Number of architectures. */
  readonly maxArchitectures: number;
  /** Number of parameter tensors of one architecture. */
  readonly maxParameters: number;
  /** Axes of one parameter. */
  readonly maxRank: number;
  /** Any single size in the config or in a parameter's shape. */
  readonly maxSize: number;
  /** Characters of one name. */
  readonly maxNameLength: number;
  /** All weights of the space together, in bytes. */
  readonly maxWeightBytes: number;
}

/** The limits that `NetSpace.load` applies unless its option `limits` changes them. */
export const LOAD_LIMITS: LoadLimits = {
  maxArchitectures: 1024,
  maxParameters: 10_000,
  maxRank: 8,
  maxSize: 2 ** 28,
  maxNameLength: 1024,
  maxWeightBytes: 2 ** 31,
};
