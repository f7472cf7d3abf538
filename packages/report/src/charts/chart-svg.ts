import { type GivenBy, objectOf, parseOptions, positive, withDefault } from '@netspace/prep/internal';

import { checkChart } from './check-chart.js';
import { startChart } from './echarts.js';
import { GRID, seriesSymbol } from './chart-style.js';
import { LIGHT } from '../page/page-colors.js';
import { chartOption } from './render-chart.js';
import { chartFigure, type ChartFigure } from '../page/report-data.js';

/** See {@link ChartSvgOptions}. */
export const chartSvgOptions = objectOf({
  /**
   * In CSS pixels.
   * @default 640
   */
  width: withDefault(positive, 640),
  /**
   * In CSS pixels.
   * @default 400
   */
  height: withDefault(positive, 400),
});

/** Options of {@link chartSvg}. */
export interface ChartSvgOptions extends GivenBy<typeof chartSvgOptions> {}

/**
 * Draws a chart as an SVG file that stands alone, with title, legend and the light page's colors: for a README or a paper.
 *
 * @throws NetSpaceError `SHAPE_MISMATCH` if a series of bars has not one value a category, or a band not one pair a point; `INVALID_OPTION`
 * for options or parts of the figure that are unknown, missing or wrong
 * @example
 * ```ts
 * import { chartSvg } from '@netspace/report';
 *
 * const svg = chartSvg({
 *   kind: 'chart', chart: 'line', title: 'Loss',
 *   x: { label: 'step' }, y: { label: 'loss' },
 *   series: [{ name: 'run', points: [[0, 1], [10, 0.5]] }],
 * });
 * console.log(svg.startsWith('<svg')); // true
 * ```
 */
export function chartSvg(figure: ChartFigure, options: ChartSvgOptions = {}): string {
  const { width, height } = parseOptions('chartSvg', chartSvgOptions, options);
  parseOptions('chartSvg: figure', chartFigure, figure);
  checkChart(figure);
  const chart = startChart(width, height);
  const named = figure.series.length > 1;
  const top = 12 + (figure.title === undefined ? 0 : 24);
  try {
    chart.setOption({
      ...{ animation: false, backgroundColor: 'var(--surface)' },
      ...chartOption(figure, width),
      grid: { ...GRID, top: top + (named ? 20 * legendRows(figure, width) + 4 : 0) + 26 },
      ...(figure.title !== undefined && {
        title: { text: figure.title, left: 12, top: 10, textStyle: { color: 'var(--text)', fontSize: 15, fontFamily: 'sans-serif' } },
      }),
      ...(named && { legend: legend(figure, top) }),
    });
    return standingAlone(chart.renderToSVGString());
  } finally {
    chart.dispose();
  }
}

/** The number of rows into which ECharts will break the legend, estimated from the length of the names. */
function legendRows({ series }: ChartFigure, width: number): number {
  let [rows, used] = [1, 0];
  for (const { name } of series) {
    const item = 50 + 6.6 * name.length; // symbol, gap and 12 px text
    if (used + item > width - 20) [rows, used] = [rows + 1, 0];
    used += item;
  }
  return rows;
}

const legend = ({ series, chart }: ChartFigure, top: number) => ({
  ...{
    left: 10,
    top,
    itemGap: 28,
    itemWidth: 16, // fonts may be wider than ECharts assumes
    itemHeight: 10,
    textStyle: { color: 'var(--muted)', fontFamily: 'sans-serif' },
  },
  data: series.map(({ name }, i) => ({ name, icon: chart === 'bar' ? 'rect' : seriesSymbol(i) })),
});

/** Removes the parts that only a live page needs and the ids that ECharts counts up, so that the same chart gives the same file. */
const standingAlone = (svg: string): string =>
  svg
    .replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')
    .replace(/ (?:class|ecmeta_\w+|pointer-events)="[^"]*"/g, '')
    .replace(/zr\d+-/g, 'c-')
    .replace(/var\(--([\w-]+)\)/g, (whole, role: string) => LIGHT[role] ?? whole)
    .replaceAll('inherit', 'sans-serif');
