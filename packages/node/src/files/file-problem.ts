import { isNetSpaceError, NetSpaceError } from '@netspace/prep';

/** Whether an error of `node:fs` has one of these codes. */
export const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));

/** Whether an error of `node:fs` says that there is no such file or folder. */
export const isMissing = (error: unknown): boolean => hasCode(error, 'ENOENT', 'ENOTDIR');

/** The codes of `node:fs` in words for users, with a remedy. */
const MEANING: Readonly<Record<string, string>> = {
  EACCES: 'the right to open it is missing; change its permissions or name another path',
  EPERM: 'the right to open it is missing; change its permissions or name another path',
  EROFS: 'it is on a read-only file system; name another path',
  ENOSPC: 'the disk is full; make room and start again, nothing that was there before is lost',
  EDQUOT: 'your share of the disk is used up; make room and start again, nothing that was there before is lost',
  EISDIR: 'it is a folder; name a file',
  ENOTDIR: 'there is a file where a folder is needed; name another path',
  EEXIST: 'there is a file where a folder is needed; name another path',
  EMFILE: 'too many files are open; close some or raise the limit (ulimit -n)',
  ENFILE: 'too many files are open; close some or raise the limit (ulimit -n)',
  ERR_INVALID_ARG_VALUE: 'no file has such a name; check the path',
  ENAMETOOLONG: 'the name is too long; choose a shorter one',
};

/** An error of `node:fs` in words, with the path; any other error as it is. */
export function fileProblem(caller: string, path: string, error: unknown): unknown {
  if (isNetSpaceError(error) || !(error instanceof Error && 'code' in error)) return error;
  const meaning = MEANING[String(error.code)];
  if (meaning === undefined) return error;
  return new NetSpaceError('UNAVAILABLE', `${caller}: expected to use ${path}, got ${String(error.code)}: ${meaning}`, { cause: error });
}
