import { accuracyAxis, chartFile } from '../shared/results/charts.js';
import type { Figure } from '../shared/experiment.js';
import { shortName } from '../shared/results/short-name.js';
import type { LsoRow } from './row.js';

/** One chart a space. */
export const figures = (rows: readonly LsoRow[]): readonly Figure[] =>
  [...new Set(rows.map((row) => row.case))].map((name) => {
    const own = rows.filter((row) => row.case === name);
    return chartFile(name.toLowerCase().replace(/[^a-z0-9]+/g, '-'), {
      ...{ chart: 'bar', title: `LSO: ${name}`, y: accuracyAxis('test accuracy') },
      categories: own.map(({ architecture }) => shortName(architecture)),
      series: [
        { name: 'before', values: own.map(({ before }) => before) },
        { name: 'embedding moved', values: own.map(({ latent }) => latent) },
        { name: 'weights moved', values: own.map(({ weights }) => weights) },
        { name: 'teacher', values: own.map(({ teacher }) => teacher) },
      ],
    });
  });
