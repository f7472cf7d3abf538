import { build } from 'esbuild';
import { join } from 'node:path';

/** The report's mesh viewer as one script, from the sources: the demo needs no build of the packages. */
export async function bundleViewer(root: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'packages/report/src/viewer/viewer.ts')],
    tsconfig: join(root, 'tsconfig.json'), // whose paths lead to the other packages' sources
    target: 'es2022',
    bundle: true,
    minify: true,
    format: 'iife',
    // `@netspace/shapes/internal` can load it, but no function that the viewer calls does; its file asks for `node:module`.
    external: ['manifold-3d'],
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}
