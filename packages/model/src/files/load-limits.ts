/** What a saved space may ask of the machine that loads it; checked before anything is allocated. */
export interface LoadLimits {
  readonly maxArchitectures: number;
  /** Parameter tensors of one architecture. */
  readonly maxParameters: number;
  /** Axes of one parameter. */
  readonly maxRank: number;
  /** Any single size in the config or in a parameter's shape. */
  readonly maxSize: number;
  readonly maxNameLength: number;
  /** All weights of the space together, in bytes. */
  readonly maxWeightBytes: number;
}

export const LOAD_LIMITS: LoadLimits = {
  maxArchitectures: 1024,
  maxParameters: 10_000,
  maxRank: 8,
  maxSize: 2 ** 28,
  maxNameLength: 1024,
  maxWeightBytes: 2 ** 31,
};
