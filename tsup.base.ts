import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { defineConfig, type Options } from 'tsup';

/** The functions of `prep/src/options/options.ts` and `option-kinds.ts` that describe options: they do nothing but make their result. */
const DESCRIBERS = [
  ...['objectOf', 'extended', 'choose', 'translated', 'byKind', 'optional', 'withDefault', 'forbidden', 'valueOf', 'oneOf', 'listOf'],
  ...['numberOf', 'functionOf', 'thing', 'limitsOf', 'asGiven'],
];
const CALL = new RegExp(`(?<![.\\w]|function )(?=(?:${DESCRIBERS.join('|')})[<(])`, 'g');

/**
 * Marks descriptions of options as free of side effects, so that a program keeps those of the functions that it uses and no others. A bundler
 * cannot know it of functions of another package.
 */
const pureDescriptions: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'pure-descriptions',
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const describes = /from '(?:@netspace\/prep\/internal|.*\/option(?:s|-kinds)\.js)'/.test(source);
      return { contents: describes ? source.replace(CALL, '/* @__PURE__ */ ') : source, loader: 'ts' };
    });
  },
};

const TSC = fileURLToPath(new URL('node_modules/typescript-7/bin/tsc', import.meta.url));

/**
 * Writes the types of the package in whose folder this runs, a file a source, of some sources and what these import. The native compiler takes
 * a fifth of the time of tsup's `dts`.
 */
async function writeTypes(sources: readonly string[]): Promise<void> {
  const config = resolve('node_modules/.cache/types.json');
  await mkdir(dirname(config), { recursive: true });
  const compilerOptions = { declaration: true, emitDeclarationOnly: true, noEmit: false };
  const files = sources.map((source) => resolve(source));
  await writeFile(config, JSON.stringify({ extends: resolve('tsconfig.json'), compilerOptions, files, include: [] }));
  await promisify(execFile)(process.execPath, [TSC, '-p', config]).catch((error: unknown) => {
    process.stderr.write((error as { stdout: string }).stdout);
    throw error;
  });
}

interface LibraryOptions extends Omit<Options, 'entry' | 'onSuccess'> {
  readonly entry: string[] | Record<string, string>;
  /** Sources that have types in the package, though esbuild builds no entry of them. */
  readonly typesOf?: readonly string[];
  readonly onSuccess?: () => Promise<void>;
}

/** The build that every published package shares: ESM, types, source maps, nothing bundled from node_modules. */
export const library = ({ entry, typesOf = [], onSuccess, ...options }: LibraryOptions) =>
  defineConfig({
    entry,
    format: ['esm'],
    target: 'es2022',
    platform: 'neutral',
    sourcemap: true,
    clean: true,
    treeshake: true,
    splitting: true,
    ...options,
    esbuildPlugins: [pureDescriptions, ...(options.esbuildPlugins ?? [])],
    onSuccess: async () => {
      await Promise.all([writeTypes([...Object.values(entry), ...typesOf]), onSuccess?.()]);
    },
  });
