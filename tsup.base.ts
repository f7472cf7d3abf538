import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { defineConfig, type Options } from 'tsup';

/** The functions of `prep/src/options.ts` and `option-kinds.ts` that describe options: they do nothing but make their result. */
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

/** Writes the types of the package in whose folder this runs, a file a source; the native compiler does it 5 times as fast as tsup's `dts`. */
async function writeTypes(): Promise<void> {
  const flags = ['--declaration', '--emitDeclarationOnly', '--noEmit', 'false'];
  await promisify(execFile)(process.execPath, [TSC, '-p', 'tsconfig.json', ...flags]).catch((error: unknown) => {
    process.stderr.write((error as { stdout: string }).stdout);
    throw error;
  });
}

/** The build that every published package shares: ESM, types, source maps, nothing bundled from node_modules. */
export const library = ({ onSuccess, ...options }: Omit<Options, 'onSuccess'> & { readonly onSuccess?: () => Promise<void> }) =>
  defineConfig({
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
      await Promise.all([writeTypes(), onSuccess?.()]);
    },
  });
