import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { importCircles, importsOf } from './import-circles.js';

const root = fileURLToPath(new URL('..', import.meta.url));

const sourcesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return ['node_modules', 'dist'].includes(entry.name) ? [] : sourcesIn(join(folder, entry.name));
    return entry.name.endsWith('.ts') ? [join(folder, entry.name)] : [];
  });

describe('importCircles', () => {
  it('finds circles of any length, and files that import themselves', () => {
    const imports = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', ['a']],
      ['d', ['e']],
      ['e', ['e']],
      ['f', ['a', 'd']],
    ]);
    expect(importCircles(imports)).toEqual([['e'], ['a', 'b', 'c']]);
  });
  it('reads imports of values, of types, and exports from other files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'netspace-circles-'));
    const path = (name: string): string => join(folder, `${name}.ts`);
    try {
      writeFileSync(path('value'), "import { a } from './type.js';\nexport const b = a;\n");
      writeFileSync(path('type'), "import type { B } from './export.js';\nexport const a: B = 1;\n");
      writeFileSync(path('export'), "export { b } from 'package';\nexport type B = number; // from './nowhere.js'\n");
      const files = ['value', 'type', 'export'].map(path);
      expect(importCircles(importsOf(files))).toEqual([]);
      expect(importCircles(importsOf(files, new Map([['package', path('value')]])))).toEqual([files.sort()]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
  it('finds none in this repository', () => {
    const files = ['packages', 'golden', 'testing', 'bench', 'experiments', 'examples'].flatMap((folder) => sourcesIn(join(root, folder)));
    const names = readdirSync(join(root, 'packages'));
    const aliases = names.flatMap((name) => [
      [`@netspace/${name}`, join(root, 'packages', name, 'src/index.ts')] as const,
      [`@netspace/${name}/internal`, join(root, 'packages', name, 'src/internal.ts')] as const,
    ]);
    const imports = importsOf(files, new Map(aliases));
    expect(imports.size).toBeGreaterThan(400);
    expect(importCircles(imports).map((circle) => circle.map((file) => file.slice(root.length)))).toEqual([]);
  });
});
