import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { build as esbuild } from 'esbuild';
import { build as vite } from 'vite';
import webpack from 'webpack';

/** A program that does something in a page with what is loaded when first used: manifold, three and three-mesh-bvh. */
const PAGE_PROGRAM = `
import { boxMesh, extractMesh, signedDistances } from '@netspace/shapes';
const box = boxMesh({ size: [0.8, 0.5, 0.3] });
const { volume } = await extractMesh((points) => signedDistances(box, points), { resolution: 24 });
document.title = volume.toFixed(2);
`;
export const PAGE_TITLE = '0.12'; // 0.8 · 0.5 · 0.3

/** A file that uses all of each entry, and the page's program; their paths by a name. */
export function writeEntries(folder, entries) {
  mkdirSync(folder);
  const sources = entries.map((entry) => [nameOf(entry), `import * as all from '${entry}';\nconsole.log(all);\n`]);
  return Object.fromEntries(
    [...sources, ['page', PAGE_PROGRAM]].map(([name, source]) => {
      const file = join(folder, `${name}.js`);
      writeFileSync(file, source);
      return [name, file];
    }),
  );
}

const nameOf = (entry) => entry.replace('@netspace/', '').replaceAll('/', '-');

/** Each bundler with its defaults for browsers, no externals: (folder of the project, files by name, output folder) → warnings. */
export const bundlers = {
  async esbuild(folder, files, outdir) {
    const options = { bundle: true, splitting: true, format: 'esm', target: 'es2022', logLevel: 'silent' };
    const { warnings } = await esbuild({ ...options, absWorkingDir: folder, entryPoints: files, outdir });
    return warnings.map(({ text, location }) => `${location?.file}: ${text}`);
  },

  async vite(folder, files, outDir) {
    const warnings = [];
    const note = (message) => warnings.push(message);
    const logger = {
      info: () => {},
      warn: note,
      warnOnce: note,
      error: note,
      clearScreen: () => {},
      hasErrorLogged: () => false,
      hasWarned: false,
    };
    const output = { entryFileNames: '[name].js' };
    const build = {
      outDir,
      target: 'es2022',
      chunkSizeWarningLimit: 5000,
      rollupOptions: { input: files, output, preserveEntrySignatures: false },
    };
    await vite({ root: folder, base: './', configFile: false, customLogger: logger, build });
    return warnings;
  },

  async webpack(folder, files, path) {
    const options = { mode: 'production', target: ['web', 'es2022'], context: folder, entry: files, performance: { hints: false } };
    const output = { path, module: true, filename: '[name].js' };
    const optimization = { minimize: false, splitChunks: { chunks: 'all' } }; // minifying takes minutes and warns of nothing
    const compiler = webpack({ ...options, output, optimization, experiments: { outputModule: true } });
    const stats = await new Promise((resolve, reject) => compiler.run((error, result) => (error ? reject(error) : resolve(result))));
    await new Promise((resolve) => compiler.close(resolve));
    const { errors = [], warnings = [] } = stats.toJson({ all: false, errors: true, warnings: true });
    return [...errors, ...warnings].map(({ message, moduleName }) => `${moduleName}: ${message}`);
  },
};
