// Every exported function and class has an `@example` in its doc comment. This compiles all of them as they stand, runs them, and compares
// what `console.log(…); // EXPECTED` prints. A block fenced as `ts no-run` is compiled only: it needs data or programs that are not here.
// `node scripts/doc-examples.mjs [PACKAGE …]`
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';

import ts from 'typescript';

import { root } from './bootstrap.mjs';

const out = join(root, '.cache', 'doc-examples');
const wanted = process.argv.slice(2);
const problems = [];

const entries = readdirSync(join(root, 'packages'))
  .filter((name) => name !== 'netspace' && (wanted.length === 0 || wanted.includes(name)))
  .flatMap((name) => {
    const extra = name === 'kernels' ? ['wasm/index', 'tensorflow/index', 'webgpu/index'] : [];
    return ['index', ...extra].map((entry) => ({ name, file: join(root, 'packages', name, 'src', `${entry}.ts`) }));
  });

const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
delete options.incremental;
delete options.tsBuildInfoFile;

const examples = collect();
rmSync(out, { recursive: true, force: true });
for (const { file, code } of examples) {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `${code}\nexport {};\n`);
}
compile();
if (problems.length === 0) runAll();
for (const problem of problems) console.error(problem);
console.log(`${examples.length} examples, ${examples.filter(({ run }) => run).length} of them run; ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;

/** The examples of all exported functions and classes; those without one are problems. */
function collect() {
  const program = ts.createProgram(
    entries.map(({ file }) => file),
    options,
  );
  const checker = program.getTypeChecker();
  const found = new Map();
  for (const { name, file } of entries) {
    for (const exported of checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)))) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const declaration = symbol.valueDeclaration;
      // What a package passes on from another is documented there.
      if (!declaration?.getSourceFile().fileName.includes(`/packages/${name}/src/`)) continue;
      const type = checker.getTypeOfSymbol(symbol);
      if (type.getCallSignatures().length === 0 && type.getConstructSignatures().length === 0) continue;
      const tags = symbol.getJsDocTags(checker).filter((tag) => tag.name === 'example');
      const blocks = tags.flatMap((tag) => [...ts.displayPartsToString(tag.text).matchAll(/```ts([^\n]*)\n([\s\S]*?)```/g)]);
      if (blocks.length === 0) problems.push(`@netspace/${name}: ${exported.name} has no @example`);
      blocks.forEach(([, info, code], i) => {
        const key = join(out, name, `${exported.name}${i === 0 ? '' : `-${i + 1}`}.ts`);
        found.set(key, { file: key, code, run: !info.includes('no-run') });
      });
    }
  }
  return [...found.values()];
}

/** All examples in one program, under the project's strict settings, by the native compiler; names that an example does not use are fine. */
function compile() {
  const config = join(out, 'tsconfig.json');
  const compilerOptions = { noUnusedLocals: false, noEmit: true, incremental: false };
  const settings = { extends: '../../tsconfig.json', compilerOptions, include: ['**/*.ts'], exclude: [] };
  writeFileSync(config, JSON.stringify(settings));
  const tsc = join(root, 'node_modules', 'typescript-7', 'bin', 'tsc');
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, '--pretty', 'false', '-p', config], { cwd: out, encoding: 'utf8' });
  if (status !== 0) problems.push(`${stdout}${stderr}`.trim());
}

function runAll() {
  const files = examples.filter(({ run }) => run).map(({ file }) => file);
  if (files.length === 0) return;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(root, 'scripts', 'run-doc-examples.mjs'), ...files],
    { cwd: root, encoding: 'utf8', env: { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.json') }, maxBuffer: 2 ** 26 },
  );
  if (status !== 0) problems.push(...stdout.split('\n').filter((line) => line.startsWith('✗')), ...(stdout.includes('✗') ? [] : [stderr]));
}
