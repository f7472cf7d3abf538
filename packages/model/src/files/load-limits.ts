/** Upper limits of a saved space, checked before anything is allocated. */
export interface LoadLimits {
  /** Number of architectures. */
  readonly architectures: number;
  /** Number of parameter tensors of one architecture. */
  readonly parameters: number;
  /** Axes of one parameter. */
  readonly rank: number;
  /** Any single size in the config or in a parameter's shape. */
  readonly size: number;
  /** Characters of one name. */
  readonly nameCharacters: number;
  /** All weights of the space together, in bytes; its directions, which are made anew, are as many at most. */
  readonly weightBytes: number;
}

/** The limits that `NetSpace.load` applies unless its option `limits` changes them. */
export const LOAD_LIMITS: LoadLimits = {
  architectures: 1024,
  parameters: 10_000,
  rank: 8,
  size: 2 ** 28,
  nameCharacters: 1024,
  weightBytes: 2 ** 31,
};
