import { seriesColor, seriesSymbol } from '../charts/chart-style.js';
import { checkChart } from '../charts/check-chart.js';
import { html, trusted, type Html } from '../page/html.js';
import { renderChart } from '../charts/render-chart.js';
import type { ChartFigure, TableFigure } from '../page/report-data.js';
import { tableMarkup } from './table-figure.js';

const SIZES = {
  narrow: { width: 340, height: 270 },
  regular: { width: 520, height: 310 },
  wide: { width: 1060, height: 360 },
} as const;

/** A chart in two sizes, of which the page shows the one that fits, and its legend. */
export function chartFigure(figure: ChartFigure, { id, wide }: { readonly id: string; readonly wide: boolean }): Html {
  checkChart(figure);
  const large = wide ? SIZES.wide : SIZES.regular;
  return html`<div role="img" aria-label="${chartText(figure)}">
    ${legend(figure)}
    <div class="chart large">${renderChart(figure, large, `${id}-large`)}</div>
    <div class="chart narrow">${renderChart(figure, SIZES.narrow, `${id}-narrow`)}</div>
  </div>`;
}

/** The kind of chart and its series, in words. The values themselves are in the table below it. */
export const chartText = (figure: ChartFigure): string => {
  const axes = figure.chart === 'bar' ? figure.y.label : `${figure.y.label} against ${figure.x.label}`;
  const names = figure.series.map(({ name }) => name).join(', ');
  return `${figure.title === undefined ? '' : `${figure.title}: `}${figure.chart} chart of ${axes}${names === '' ? '' : `; ${names}`}`;
};

/** The values of a chart, as a table to unfold. */
export const chartValues = (figure: ChartFigure): Html =>
  html`<details>
    <summary>Values</summary>
    ${tableMarkup(chartTable(figure))}
  </details>`;

const SYMBOLS: Readonly<Record<string, string>> = {
  circle: '<circle cx="6" cy="6" r="4.5"/>',
  triangle: '<path d="M6 1 11 10.5H1Z"/>',
  rect: '<rect x="2" y="2" width="8" height="8"/>',
  diamond: '<path d="M6 .5 11.5 6 6 11.5.5 6Z"/>',
};

function legend(figure: ChartFigure): Html | undefined {
  if (figure.series.length < 2) return undefined;
  const symbolOf = (i: number) => (figure.chart === 'bar' ? 'rect' : seriesSymbol(i));
  const item = ({ name }: { readonly name: string }, i: number): Html =>
    html`<li><svg viewBox="0 0 12 12" fill="${seriesColor(i)}">${trusted(SYMBOLS[symbolOf(i)] ?? '')}</svg>${name}</li>`;
  return html`<ul class="legend">
    ${figure.series.map(item)}
  </ul>`;
}

const MOST_ROWS = 60;

export function chartTable(figure: ChartFigure): TableFigure {
  if (figure.chart === 'bar') {
    const { categories, series, y } = figure;
    const columns = series.map(({ name }) => ({ label: name, ...(y.format ? { format: y.format } : {}) }));
    const rows = categories.map((category, i) => [category, ...series.map(({ values }) => values[i] ?? null)]);
    return { kind: 'table', columns: [{ label: y.label }, ...columns], rows };
  }
  const { x, y, series } = figure;
  const most = Math.max(2, Math.floor(MOST_ROWS / Math.max(1, series.length)));
  return {
    kind: 'table',
    columns: [
      ...(series.length > 1 ? [{ label: 'Series' }] : []),
      { label: x.label, ...(x.format ? { format: x.format } : {}) },
      { label: y.label, ...(y.format ? { format: y.format } : {}) },
    ],
    rows: series.flatMap(({ name, points }) => thin(points, most).map((point) => (series.length > 1 ? [name, ...point] : [...point]))),
  };
}

/** At most this number of points, evenly chosen, with the first and the last. */
const thin = <T>(points: readonly T[], most: number): readonly T[] =>
  points.length <= most ? points : Array.from({ length: most }, (_, i) => points[Math.round((i * (points.length - 1)) / (most - 1))]!);
