import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';

import { root } from '../bootstrap.mjs';
import { bundlers, PAGE_TITLE, writeEntries } from './bundles.mjs';
import { titleInChromium } from './chromium.mjs';
import { attemptAll, exec } from './processes.mjs';
import { browserEntries, entries } from './projects.mjs';
import { readmeSnippets } from './snippets.mjs';

const atOnce = availableParallelism();

/** Each takes the projects and the Node programs, and tells what it did and what failed. */
export const checks = { snippets, require: requireAll, command, bundles };

/** Each Node, and each project: pnpm's on the middle one, since where its layout finds a package does not depend on Node. */
const pairs = ({ projects, nodes }) =>
  nodes.map((node, i) => ({ ...projects.find(({ manager }) => manager === (i === 1 ? 'pnpm' : 'npm')), ...node }));
const withNode = (bin) => ({ env: { PATH: `${bin}${delimiter}${process.env['PATH']}` } });

/** The programs of the READMEs: strict types, and the output that they say they have. */
async function snippets({ projects, nodes, filter = '' }) {
  const programs = readmeSnippets().filter(({ name }) => name.includes(filter));
  const typeErrors = await attemptAll(projects, ({ folder }) => compile(folder, programs), { atOnce });
  if (typeErrors.length > 0) return { done: 'type errors', errors: typeErrors };
  const runs = programs
    .filter(({ runs }) => runs)
    .flatMap((program) =>
      pairs({ projects, nodes })
        .slice(program.once ? -1 : 0)
        .map((pair) => ({ ...program, ...pair })),
    );
  const errors = await attemptAll(
    runs,
    async ({ name, output, manager, major, folder, bin }) => {
      const cwd = mkdtempSync(join(folder, 'run-')); // for what it writes
      const printed = (
        await exec(join(bin, 'node'), [join(folder, 'compiled', `${name}.js`)], {
          cwd,
          env: { NETSPACE_RUNTIME: 'wasm' },
          timeout: 300_000,
        })
      ).trim();
      if (output !== undefined && printed !== output) {
        throw new Error(`program ${name} on Node ${major}, installed with ${manager}, printed\n${printed}\ninstead of\n${output}`);
      }
    },
    { atOnce },
  );
  return { done: `${programs.length} programs of READMEs and guides, ${runs.length} runs`, errors };
}

async function compile(folder, programs) {
  const sources = join(folder, 'snippets');
  mkdirSync(sources, { recursive: true });
  for (const { name, code } of programs) writeFileSync(join(sources, `${name}.ts`), code);
  const compilerOptions = {
    module: 'NodeNext',
    target: 'ES2022',
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    strict: true,
    skipLibCheck: true,
  };
  const config = {
    compilerOptions: { ...compilerOptions, types: ['node'], rootDir: 'snippets', outDir: 'compiled' },
    include: ['snippets'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await exec(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', folder], { cwd: folder });
}

/** A CommonJS program gets every package, which Node 20.19 and later allow as long as no file awaits at its top. */
async function requireAll({ projects, nodes }) {
  // The command runs when it is loaded, the viewer needs a page, and these kernels a backend that is not everywhere.
  const names = entries().filter((entry) => !/\/(cli|viewer|tensorflow|webgpu)$/.test(entry));
  const program = `for (const name of ${JSON.stringify(names)}) if (Object.keys(require(name)).length === 0) throw new Error(name + ' is empty');`;
  const errors = await attemptAll(
    pairs({ projects, nodes }),
    async ({ folder, bin }) => {
      const file = join(folder, 'require.cjs');
      writeFileSync(file, program);
      await exec(join(bin, 'node'), [file], { cwd: folder });
    },
    { atOnce },
  );
  return { done: `${names.length} entries from CommonJS on each Node`, errors };
}

/** `npx netspace` is ours, and starts. */
async function command({ projects, nodes }) {
  const errors = await attemptAll(
    pairs({ projects, nodes }),
    async ({ manager, major, folder, bin }) => {
      const printed = await exec('npx', ['--no-install', 'netspace', '--help'], { cwd: folder, ...withNode(bin) });
      if (!printed.startsWith('Usage: netspace')) throw new Error(`netspace --help on Node ${major}, with ${manager}, printed\n${printed}`);
    },
    { atOnce },
  );
  return { done: 'npx netspace --help on each Node', errors };
}

/** Every entry but Node's goes through each bundler as it is, without a word; what comes out runs in a browser. */
async function bundles({ projects }) {
  const names = browserEntries();
  const { folder } = projects.find(({ manager }) => manager === 'npm');
  const files = writeEntries(join(folder, 'entries'), names);
  const errors = [];
  for (const [bundler, build] of Object.entries(bundlers)) {
    const out = join(folder, bundler);
    const warnings = await build(folder, files, out);
    errors.push(...warnings.map((warning) => `${bundler}: ${warning}`));
    const title = await titleInChromium(out);
    if (title !== undefined && title !== PAGE_TITLE) errors.push(`${bundler}: expected a page titled ${PAGE_TITLE}, got ${title}`);
    if (title === undefined) console.log(`  ${bundler}: bundled, but not opened: no Chromium here (set CHROMIUM_PATH)`);
  }
  return { done: `${names.length} entries with ${Object.keys(bundlers).join(', ')}`, errors };
}
