import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import ts from 'typescript';

/** What each file imports, by path: relative imports and those of `aliases`, types included; files that are not in the list are left out. */
export function importsOf(
  files: readonly string[],
  aliases: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, readonly string[]> {
  const known = new Set(files);
  const resolve = (from: string, name: string): string => {
    if (!name.startsWith('.')) return aliases.get(name) ?? name;
    return join(dirname(from), name).replace(/\.js$/, '.ts');
  };
  return new Map(
    files.map((file) => {
      const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'), true, true);
      return [file, importedFiles.map(({ fileName }) => resolve(file, fileName)).filter((target) => known.has(target))];
    }),
  );
}

/**
 * Groups of files that import each other, directly or through others: none in a tree that can be read from one end to the other.
 *
 * @see Tarjan, "Depth-first search and linear graph algorithms", 1972 (strongly connected components)
 */
export function importCircles(imports: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const circles: string[][] = [];
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const visit = (file: string): void => {
    index.set(file, index.size);
    low.set(file, index.get(file)!);
    stack.push(file);
    for (const target of imports.get(file) ?? []) {
      if (!index.has(target)) visit(target);
      if (stack.includes(target)) low.set(file, Math.min(low.get(file)!, low.get(target)!));
    }
    if (low.get(file) !== index.get(file)) return;
    const group = stack.splice(stack.indexOf(file));
    if (group.length > 1 || (imports.get(file) ?? []).includes(file)) circles.push(group.sort());
  };
  for (const file of imports.keys()) if (!index.has(file)) visit(file);
  return circles;
}
