const brand: unique symbol = Symbol.for('netspace.error');

/** Why a call was refused; stable across versions, for programs to switch on. */
export type NetSpaceErrorCode =
  /** A tensor, list or matrix has another shape or length than the call needs. */
  | 'SHAPE_MISMATCH'
  /** An option is out of range, contradictory or unknown. */
  | 'INVALID_OPTION'
  /** A file is not what its format says it must be. */
  | 'CORRUPT_FILE'
  /** A file or request is larger than a named limit. */
  | 'LIMIT_EXCEEDED'
  /** Something named does not exist: a file, an instance, an architecture. */
  | 'NOT_FOUND'
  /** Well formed, but not something this package does. */
  | 'UNSUPPORTED'
  /** A runtime, compiler or other program is missing or does not work here. */
  | 'UNAVAILABLE'
  /** The caller's AbortSignal stopped the work. */
  | 'ABORTED'
  /** Numbers became NaN or infinite while something was trained or searched; `divergenceOf` tells at which step. */
  | 'DIVERGED';

/** The one error class of all packages. */
export class NetSpaceError extends Error {
  override readonly name = 'NetSpaceError';
  readonly [brand] = true;

  constructor(
    readonly code: NetSpaceErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Like `instanceof`, but also across two copies of the package in one program. */
export const isNetSpaceError = (value: unknown): value is NetSpaceError => typeof value === 'object' && value !== null && brand in value;
