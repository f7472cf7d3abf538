import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { listOf, objectOf, parseJson, parseOptions, valueOf } from '@netspace/prep/internal';

import { HUB_LIMITS } from './hub-limits.js';

/** The file that says what lies in a pushed or exported folder. */
export const FILE_LIST_NAME = 'netspace-files.json';

/** One file of a folder. */
export interface ListedFile {
  /** Within the folder, with `/` between names. */
  readonly path: string;
  readonly bytes: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

const listedFile = objectOf({
  path: valueOf<string>('a path within the folder, such as space/space.json', isSafePath),
  bytes: valueOf<number>('a whole number', (value) => Number.isSafeInteger(value) && (value as number) >= 0),
  sha256: valueOf<string>('64 hexadecimal digits', (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)),
});

const fileList = objectOf({
  schemaVersion: valueOf<1>('1', (value) => value === 1),
  files: listOf(listedFile, 'a list of files'),
});

/** Names that are devices on Windows, whatever follows the point. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * Whether a path may be written below a folder on any system: relative, going down only, of names that every file system takes. `.git` is
 * refused, since programs run what a repository's settings say.
 */
export function isSafePath(path: unknown): path is string {
  if (typeof path !== 'string' || path.length > HUB_LIMITS.pathCharacters) return false;
  const names = path.split('/');
  return names.length <= HUB_LIMITS.depth && names.every(isSafeName);
}

const isSafeName = (name: string): boolean =>
  /^[^\\:*?"<>|%#\p{Cc}\p{Cf}\p{Cs}]+$/u.test(name) && !/[. ]$/.test(name) && !DEVICE.test(name) && !/^\.git$/i.test(name);

/** A list as it is written. */
export const fileListText = (files: readonly ListedFile[]): string => `${JSON.stringify({ schemaVersion: 1, files }, undefined, 1)}\n`;

/**
 * Reads and checks the list of a folder's files; safe on untrusted bytes.
 *
 * @param from where the bytes come from, for messages
 * @throws NetSpaceError `CORRUPT_FILE` if it is no list, or names a file that could be written elsewhere or over another; `LIMIT_EXCEEDED`
 *   beyond one of {@link HUB_LIMITS}
 */
export function readFileList(from: string, bytes: Uint8Array): readonly ListedFile[] {
  const { files } = parse(from, bytes);
  checkFiles(from, files, 'CORRUPT_FILE');
  return files;
}

/**
 * Refuses files that could not be pulled: too many, too large, or two that some systems take for one.
 *
 * @param code of the error about such two
 * @throws NetSpaceError that code; `LIMIT_EXCEEDED` beyond one of {@link HUB_LIMITS}
 */
export function checkFiles(from: string, files: readonly ListedFile[], code: 'CORRUPT_FILE' | 'INVALID_OPTION'): void {
  if (files.length > HUB_LIMITS.files) throw tooMuch(from, 'files', HUB_LIMITS.files, files.length);
  let total = 0;
  const taken = new Map<string, { readonly kind: 'file' | 'folder'; readonly path: string }>();
  for (const { path, bytes: size } of files) {
    if (size > HUB_LIMITS.fileBytes) throw tooMuch(from, `bytes in ${path}`, HUB_LIMITS.fileBytes, size);
    total += size;
    const other = take(taken, path);
    if (other !== undefined) {
      throw new NetSpaceError(
        code,
        `${from}: expected each path once, got ${path} and ${other}, which some systems take for it; rename one`,
      );
    }
  }
  if (total > HUB_LIMITS.totalBytes) throw tooMuch(from, 'bytes in all files', HUB_LIMITS.totalBytes, total);
}

function parse(from: string, bytes: Uint8Array): { readonly files: readonly ListedFile[] } {
  try {
    return parseOptions(from, fileList, parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (cause) {
    const why = isNetSpaceError(cause) ? cause.message : `${from}: expected JSON, got something else`;
    throw new NetSpaceError('CORRUPT_FILE', `${why}; have the folder pushed or exported again`, { cause });
  }
}

/**
 * Notes a path. Some systems take `A` for `a`, or a letter with its accent for the two: there one file would be written over another.
 *
 * @returns a path that was noted before and is in its place
 */
function take(taken: Map<string, { readonly kind: 'file' | 'folder'; readonly path: string }>, path: string): string | undefined {
  const names = path.normalize('NFC').toLowerCase().split('/');
  for (const i of names.keys()) {
    const place = names.slice(0, i + 1).join('/');
    const kind = i === names.length - 1 ? 'file' : 'folder';
    const before = taken.get(place);
    if (before !== undefined && (before.kind === 'file' || kind === 'file')) return before.path;
    taken.set(place, { kind, path });
  }
  return undefined;
}

const tooMuch = (from: string, what: string, limit: number, got: number): NetSpaceError =>
  new NetSpaceError('LIMIT_EXCEEDED', `${from}: expected at most ${limit} ${what}, got ${got}`);
