import { FILE_LIMITS, readRegularFile } from '../files/read-regular-file.js';
import { writeAtomically } from '../files/write-atomically.js';

/**
 * A result that is made once and kept as JSON in a file. `make` is called if the file is missing or not complete; otherwise the file is
 * read.
 *
 *
 * @throws NetSpaceError `UNAVAILABLE` if the file cannot be written; what `make` throws
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { keptJson, settingsHash } from '@netspace/node';
 *
 * const path = join(await mkdtemp(join(tmpdir(), 'search-')), `search-${settingsHash({ images: 100 })}.json`);
 * await keptJson(path, async () => ({ best: 0.9 })); // takes hours, say
 * console.log(await keptJson(path, async () => ({ best: 0 }))); // { best: 0.9 }
 * ```
 */
export async function keptJson<T>(path: string, make: () => Promise<T>): Promise<T> {
  const found = await readJson<T>(path);
  if (found !== undefined) return found;
  const made = await make();
  await writeAtomically(path, JSON.stringify(made));
  return made;
}

/** The content of one of our JSON files; `undefined` if the file is missing or cut off. */
async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse((await readRegularFile('keptJson', path, FILE_LIMITS.weights)).toString('utf8')) as T;
  } catch {
    return undefined;
  }
}
