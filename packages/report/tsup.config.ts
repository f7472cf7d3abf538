import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { build, type Plugin } from 'esbuild';

import { library } from '../../tsup.base.js';

/** The script of a report's page: one file with all it needs, to be inlined. */
const buildViewer = () =>
  build({
    entryPoints: ['src/viewer/viewer.ts'],
    outfile: 'dist/viewer.global.js',
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    legalComments: 'inline',
  });

/** Of ECharts only what `echarts.ts` uses. */
const buildEcharts = async () => {
  const core = createRequire(import.meta.url).resolve('echarts/core');
  const zrender = createRequire(core).resolve('zrender');
  await build({
    entryPoints: ['src/charts/echarts.ts'],
    outfile: 'dist/echarts.js',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    banner: { js: '/*! Apache ECharts, https://echarts.apache.org, Apache License 2.0, with ZRender: see echarts.LICENSE */' },
  });
  const files = [
    ...['LICENSE', 'NOTICE', 'licenses/LICENSE-d3'].map((name) => join(dirname(core), name)),
    join(dirname(zrender), '../LICENSE'),
  ];
  const texts = files.map((file) => readFile(file, 'utf8'));
  await writeFile('dist/echarts.LICENSE', (await Promise.all(texts)).join('\n\n----------\n\n'));
};

const besideIt: Plugin = {
  name: 'beside-it',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/echarts\.js$/ }, () => ({ path: './echarts.js', external: true }));
  },
};

export default library({
  entry: { index: 'src/index.ts', pictures: 'src/pictures.ts' },
  typesOf: ['src/viewer/viewer.ts'],
  esbuildPlugins: [besideIt],
  onSuccess: async () => {
    await Promise.all([buildViewer(), buildEcharts()]);
  },
});
