import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';

/** A name for the page about a folder that no file here has: `report.html`, then `report-FOLDER.html`, then the same with a number. */
export function freePage(folder: string, ending: string): string {
  const named = `report-${basename(resolve(folder))}`;
  const found = ['report', named].find((name) => !existsSync(`${name}.${ending}`));
  if (found !== undefined) return `${found}.${ending}`;
  for (let n = 2; ; n++) if (!existsSync(`${named}-${n}.${ending}`)) return `${named}-${n}.${ending}`;
}
