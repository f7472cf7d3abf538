import { helpUrlOf } from './help-address.js';

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

/** Longest message, in characters: a message quotes values of files and options, which may be of any length. */
const MESSAGE_LIMIT = 2000;

/**
 * The one error class of all packages: a message that names what was expected, what came and what to do, and a `code` for programs. A
 * message has at most 2,000 characters; the middle of a longer one is left out.
 *
 * Use {@link isNetSpaceError} to recognize it.
 *
 * @example
 * ```ts
 * import { NetSpaceError, requiredPRepShape } from '@netspace/prep';
 *
 * try {
 *   requiredPRepShape([]);
 * } catch (error) {
 *   if (!(error instanceof NetSpaceError)) throw error;
 *   console.log(error.code); // INVALID_OPTION
 *   console.log(error.message); // requiredPRepShape: expected at least one architecture, got none
 * }
 * ```
 */
export class NetSpaceError extends Error {
  override readonly name = 'NetSpaceError';
  readonly [brand] = true;

  constructor(
    readonly code: NetSpaceErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(cut(message), options);
  }

  /** Address of what the site says of this code; undefined as long as the site has no address. */
  get helpUrl(): string | undefined {
    return helpUrlOf(this.code);
  }
}

function cut(message: string): string {
  if (message.length <= MESSAGE_LIMIT) return message;
  const [start, end] = [message.slice(0, 1500), message.slice(-400)];
  return `${start} … (${message.length - start.length - end.length} characters left out) … ${end}`;
}

/**
 * Whether a value is a {@link NetSpaceError}, also one of another copy of the package in the same program, which `instanceof` misses.
 *
 * @example
 * ```ts
 * import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
 *
 * console.log(isNetSpaceError(new NetSpaceError('NOT_FOUND', 'no such file'))); // true
 * console.log(isNetSpaceError(new Error('no such file'))); // false
 * ```
 */
export const isNetSpaceError = (value: unknown): value is NetSpaceError => typeof value === 'object' && value !== null && brand in value;
