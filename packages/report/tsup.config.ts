import { build } from 'esbuild';

import { library } from '../../tsup.base.js';

const entry = { index: 'src/index.ts', pictures: 'src/pictures.ts' };

export default library({
  entry,
  dts: { entry: { ...entry, 'viewer.global': 'src/viewer/viewer.ts' } },
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
