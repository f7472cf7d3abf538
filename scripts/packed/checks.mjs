import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';

import { root } from '../bootstrap.mjs';
import { alone } from './alone.mjs';
import { bundlers, PAGE_TITLE, writeEntries } from './bundles.mjs';
import { titleInChromium } from './chromium.mjs';
import { attemptAll, exec } from './processes.mjs';
import { pages } from './pages.mjs';
import { browserEntries, entries } from './projects.mjs';
import { problemsOf } from './published.mjs';
import { linksOut } from './readme-links.mjs';
import { sameFiles } from './same-files.mjs';
import { isAsShown, readmeSnippets } from './snippets.mjs';

const atOnce = availableParallelism();

/** Each takes the tarballs, the projects and the Node programs, and tells what it did and what failed. */
export const checks = { published, files: sameFiles, snippets, require: requireAll, command, alone, bundles, pages };

/** Each Node with each project. */
const pairs = ({ projects, nodes }) => nodes.flatMap((node) => projects.map((project) => ({ ...project, ...node })));
/** Each Node with one project, and each project with a Node. */
const diagonal = ({ projects, nodes }) => nodes.map((node, i) => ({ ...projects[i % projects.length], ...node }));
const withNode = (bin) => ({ env: { PATH: `${bin}${delimiter}${process.env['PATH']}` } });

/** The tarballs as publint and attw see them, and the links of their READMEs. */
async function published({ tarballs }) {
  const errors = [];
  for (const [name, tarball] of Object.entries(tarballs)) {
    errors.push(...(await problemsOf(name, tarball)));
    const readme = await exec('tar', ['xzOf', tarball.replace(/^file:/, ''), 'package/README.md']);
    for (const to of linksOut(readme)) errors.push(`${name}: README.md links to ${to}, which is not in the package`);
  }
  return { done: `${Object.keys(tarballs).length} tarballs with publint and attw, links of READMEs`, errors };
}

/**
 * The programs of the READMEs and guides: strict types, and the output that they say they have. On the first pair each runs in a process of its own, as
 * its reader would run it; on the others in turn in one process, which finds what differs by Node and by the layout of `node_modules`. Each Node and each manager is in a
 * pair; that every package loads on every pair is what `require` looks at.
 */
async function snippets({ projects, nodes, filter = '' }) {
  const programs = readmeSnippets().filter(({ name }) => name.includes(filter));
  const typeErrors = await attemptAll(projects, (project) => compile(project, programs), { atOnce });
  if (typeErrors.length > 0) return { done: 'type errors', errors: typeErrors };
  const [first, ...others] = diagonal({ projects, nodes });
  const running = programs.filter(({ runs }) => runs);
  const everywhere = running.filter(({ once }) => !once);
  const runs = [...running.map((program) => [first, [program]]), ...others.map((pair) => [pair, everywhere])];
  const errors = await attemptAll(runs, ([pair, list]) => runPrograms(pair, list), { atOnce });
  const times = `${running.length} run, ${everywhere.length} of them on each of ${others.length + 1} pairs of Node and package manager`;
  return { done: `${programs.length} programs of READMEs and guides, ${times}`, errors };
}

async function runPrograms({ manager, major, folder, bin }, programs) {
  const files = programs.map(({ name }) => join(folder, 'compiled', `${name}.js`));
  const args = [`${root}scripts/packed/run-programs.mjs`, folder, ...files];
  // Threads of two programs wait for each other on two cores: those of the packages' READMEs have them, the longer ones of the guides take one.
  const env = { NETSPACE_RUNTIME: 'wasm', ...(programs.every(({ once }) => once) && { NETSPACE_THREADS: '1' }) };
  const results = JSON.parse(await exec(join(bin, 'node'), args, { cwd: folder, env, timeout: 300_000 }));
  const wrong = programs.flatMap((shown, i) => {
    const { name, output } = shown;
    const { error, printed } = results[i];
    const program = `program ${name} on Node ${major}, installed with ${manager},`;
    if (error !== undefined) return [`${program} failed:\n${error}`];
    return isAsShown(printed, shown) ? [] : [`${program} printed\n${printed.trim()}\ninstead of\n${output}`];
  });
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
}

/** By the compiler that most programs have today in one project, by the newest in the other. */
async function compile({ manager, folder }, programs) {
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
  const compiler = manager === 'npm' ? 'typescript' : 'typescript-7';
  await exec(process.execPath, [`${root}node_modules/${compiler}/bin/tsc`, '-p', folder], { cwd: folder });
}

/** A CommonJS program gets every package, which Node 20.19 and later allow as long as no file awaits at its top. */
async function requireAll({ projects, nodes }) {
  // The command runs when it is loaded, the viewer needs a page, these kernels a backend that is not everywhere, and the gradients have no name.
  const names = entries().filter((entry) => !/\/(cli|viewer|tensorflow|webgpu|gradients)$/.test(entry));
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
  return { done: `${names.length} entries from CommonJS on each Node with each manager`, errors };
}

/** `npx netspace` is ours, and starts. */
async function command({ projects, nodes }) {
  const errors = await attemptAll(
    pairs({ projects, nodes }),
    async ({ manager, major, folder, bin }) => {
      const printed = await exec('npx', ['--no-install', 'netspace', '--help'], { cwd: folder, ...withNode(bin) });
      if (!printed.startsWith('Usage: npx netspace'))
        throw new Error(`netspace --help on Node ${major}, with ${manager}, printed\n${printed}`);
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
