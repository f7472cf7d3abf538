import { build } from 'esbuild';

import { library } from '../../tsup.base.js';

export default library({
  entry: { index: 'src/index.ts', pictures: 'src/pictures.ts' },
  typesOf: ['src/viewer/viewer.ts'],
  // The script of a report's page: one file with all it needs, to be inlined.
  onSuccess: async () => {
    await build({
      entryPoints: ['src/viewer/viewer.ts'],
      outfile: 'dist/viewer.global.js',
      bundle: true,
      minify: true,
      format: 'iife',
      target: 'es2022',
      legalComments: 'inline',
    });
  },
});
