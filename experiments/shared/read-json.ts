import { readFile } from 'node:fs/promises';

/** What a JSON file of ours holds; `undefined` if there is none, or half of one. */
export async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
