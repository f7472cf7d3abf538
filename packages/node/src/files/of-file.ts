import { isNetSpaceError, NetSpaceError } from '@netspace/prep';

/** Reads what a file holds; errors of the reader say of which file they are. */
export function ofFile<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw isNetSpaceError(error) ? new NetSpaceError(error.code, `${path}: ${error.message}`, { cause: error }) : error;
  }
}
