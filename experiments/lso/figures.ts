import { chartSvg } from '@netspace/report';

import type { Figure } from '../shared/experiment.js';
import { shortName } from '../shared/short-name.js';
import type { LsoRow } from './row.js';

/** One chart a space. */
export const figures = (rows: readonly LsoRow[]): readonly Figure[] =>
  [...new Set(rows.map((row) => row.case))].map((name) => {
    const own = rows.filter((row) => row.case === name);
    return {
      name: `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.svg`,
      content: chartSvg({
        ...{ kind: 'chart', chart: 'bar', title: `LSO: ${name}` },
        categories: own.map(({ architecture }) => shortName(architecture)),
        y: { label: 'test accuracy', format: 'percent', min: 0 },
        series: [
          { name: 'before', values: own.map(({ before }) => before) },
          { name: 'embedding moved', values: own.map(({ latent }) => latent) },
          { name: 'weights moved', values: own.map(({ weights }) => weights) },
          { name: 'teacher', values: own.map(({ teacher }) => teacher) },
        ],
      }),
    };
  });
