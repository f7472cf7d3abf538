import { type Instance, NetSpaceError } from '@netspace/prep';

/** A network as it was dropped; the caller frees the instance. */
export interface BroughtInstance {
  readonly instance: Instance;
  /** What to call it: the file's name. */
  readonly name: string;
}

/** The name without folders and ending. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]+$/, '') || path;

/** The file is sound, and of no architecture here. */
export const fitsNone = (name: string, reasons: readonly string[]): NetSpaceError =>
  new NetSpaceError('NOT_FOUND', `bring: expected ${name} to be of an architecture of this space, got another. ${reasons.join('; ')}`);
