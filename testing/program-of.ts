import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { build, type Plugin } from 'esbuild';

import { madeOnce, sharedFolder } from './made-once.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const built = new Map<string, Promise<string>>();
/** The command, which several test files run, and the program that it starts for jobs: bundled together, once for all files of `npm test`. */
const COMMAND = ['packages/node/src/cli/main.ts', 'packages/node/src/jobs/job-main.ts'];
let folder: string | undefined;

/** Each source keeps its own address, by which it finds files beside it. */
const addresses: Plugin = {
  name: 'addresses',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      loader: 'ts',
    }));
  },
};

/** Packages from a registry stay outside, found where the source that imports them would find them. */
const packagesByPath: Plugin = {
  name: 'packages-by-path',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === 'found' || from.kind === 'entry-point' || path.startsWith('node:')) return undefined;
      const found = await resolve(path, { ...from, pluginData: 'found' });
      if (found.errors.length > 0) return { path, external: true }; // an optional package that is not here
      return found.path.endsWith('.ts') ? found : { path: found.path, external: true };
    });
  },
};

/**
 * Bundles a source file of the repository, with the packages' sources, into a file that `node` runs. Compiling the sources anew in each
 * child process by tsx takes a second; this takes it once for a test file, and for the command once for all.
 *
 * @param file path from the repository's root
 * @returns path of the bundle, which goes when the tests end; all bundles of a process, and those of the command, lie in one folder, where programs
 *   find each other
 */
export function programOf(file: string): Promise<string> {
  const program = built.get(file) ?? bundle(file);
  built.set(file, program);
  return program;
}

async function bundle(file: string): Promise<string> {
  const shared = sharedFolder();
  const name = `${basename(file, '.ts')}.mjs`;
  if (shared !== undefined && COMMAND.includes(file)) {
    const command = join(shared, 'command');
    await madeOnce(command, (outdir) => bundleInto(outdir, COMMAND));
    return join(command, name);
  }
  folder ??= folderOfProcess();
  await bundleInto(folder, [file]);
  return join(folder, name);
}

const bundleInto = async (outdir: string, files: readonly string[]): Promise<void> => {
  await build({
    ...{ entryPoints: Object.fromEntries(files.map((file) => [basename(file, '.ts'), join(root, file)])), outdir },
    ...{ outExtension: { '.js': '.mjs' }, bundle: true, format: 'esm', platform: 'node', target: 'node20', conditions: [] },
    splitting: true, // what a program loads when it first needs it, as ECharts, is not loaded when it starts
    tsconfig: join(root, 'tsconfig.json'),
    ignoreAnnotations: true,
    plugins: [addresses, packagesByPath],
    logLevel: 'error',
  });
};

function folderOfProcess(): string {
  const made = mkdtempSync(join(tmpdir(), 'netspace-program-'));
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** How a child process ended, and what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function endOf(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}
