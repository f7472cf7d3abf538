import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';
import { describe, expect, it } from 'vitest';

import { ambiguousExports } from './package-exports.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The compiler's options as `tsc -p tsconfig.json` has them: packages read each other's sources. */
function projectOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => readFileSync(path, 'utf8')) as { config: unknown };
  const { incremental: _, tsBuildInfoFile: __, ...options } = ts.parseJsonConfigFileContent(config, ts.sys, root).options;
  return options;
}

describe('ambiguousExports', () => {
  it('finds a name with two meanings, and passes over one that is passed on', () => {
    const folder = mkdtempSync(join(tmpdir(), 'netspace-exports-'));
    const path = (name: string): string => join(folder, `${name}.ts`);
    try {
      writeFileSync(path('a'), 'export const fit = 1;\nexport type Mesh = number;\nexport const own = 1;\n');
      writeFileSync(path('b'), "export { fit } from './a.js';\nexport type Mesh = string;\n");
      writeFileSync(path('c'), "export * from './b.js';\n");
      writeFileSync(path('d'), "export { own as fit } from './a.js';\n");
      const modules = new Map(['a', 'b', 'c', 'd'].map((name) => [name, path(name)]));
      const options = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, noLib: true, types: [] };
      expect(ambiguousExports(modules, options)).toEqual([
        { name: 'fit', declarations: [['a', 'b', 'c'], ['d']] },
        { name: 'Mesh', declarations: [['a'], ['b', 'c']] },
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('finds none among the packages', () => {
    const packages = readdirSync(join(root, 'packages')).filter((name) => name !== 'netspace'); // that one holds a command only
    expect(packages.length).toBeGreaterThan(10);
    const modules = new Map(packages.map((name) => [`@netspace/${name}`, join(root, 'packages', name, 'src/index.ts')]));
    modules.set('@netspace/report/pictures', join(root, 'packages/report/src/pictures.ts'));
    expect(ambiguousExports(modules, projectOptions())).toEqual([]);
  }, 240_000);
});
