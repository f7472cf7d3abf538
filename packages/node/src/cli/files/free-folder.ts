import { readdirSync } from 'node:fs';

/** The first of some folders that is not there, or empty; else the last with the first number behind it that makes it so. */
export function freeFolder(...names: readonly [string, ...string[]]): string {
  const found = names.find(isFree);
  if (found !== undefined) return found;
  const last = names.at(-1)!;
  for (let n = 2; ; n++) if (isFree(`${last}-${n}`)) return `${last}-${n}`;
}

function isFree(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}
