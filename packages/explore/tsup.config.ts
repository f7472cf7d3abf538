import { build } from 'esbuild';

import { library } from '../../tsup.base.js';

const entry = { index: 'src/index.ts', report: 'src/report/index.ts' };

export default library({
  entry,
  dts: { entry: { ...entry, 'viewer.global': 'src/report/viewer.ts' } },
  // The script of a report's page: one file with all it needs, to be inlined.
  onSuccess: async () => {
    await build({
      entryPoints: ['src/report/viewer.ts'],
      outfile: 'dist/viewer.global.js',
      bundle: true,
      minify: true,
      format: 'iife',
      target: 'es2022',
      legalComments: 'inline',
    });
  },
});
