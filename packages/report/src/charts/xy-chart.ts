import { GRID, seriesColor, seriesSymbol, valueAxis } from './chart-style.js';
import { type AxisRange, commonRange } from './common-range.js';
import type { ChartAxis, XyChart, XySeries } from '../page/report-data.js';

/** ECharts options of a line or scatter chart. */
export function xyOption({ chart, x, y, series: given, diagonal = false }: XyChart, width: number): object {
  const series = given.map((one) => ({ ...one, points: one.points.filter(([a, b]) => hasPlace(a, x) && hasPlace(b, y)) }));
  const range = diagonal ? commonRange({ x, y, points: series.flatMap(({ points }) => points) }) : undefined;
  return {
    grid: GRID,
    xAxis: { ...valueAxis(x, 'x'), ...range },
    yAxis: { ...valueAxis(y, 'y'), ...range },
    series: [
      ...(chart === 'line' ? given.flatMap(band) : []),
      ...series.map((one, i) => ({
        name: one.name,
        ...(chart === 'line' ? line(one, i, width) : scatter(one, i)),
        ...(range !== undefined && i === 0 ? { markLine: diagonalLine(range) } : {}),
      })),
    ],
  };
}

/** Whether an axis has a place for a value. */
const hasPlace = (value: number, { scale }: ChartAxis): boolean => Number.isFinite(value) && (scale !== 'log' || value > 0);

const line = ({ points, dashed = false }: XySeries, i: number, width: number) => ({
  type: 'line',
  data: points,
  color: seriesColor(i),
  symbol: seriesSymbol(i),
  symbolSize: 7,
  showSymbol: points.length * 14 <= width, // markers that touch cannot be told apart
  showAllSymbol: true,
  sampling: 'lttb',
  itemStyle: { color: seriesColor(i) },
  lineStyle: { width: 2, color: seriesColor(i), type: dashed ? 'dashed' : 'solid' },
});

/** The area between lowest and highest: an invisible line, and the height of the band stacked on it. */
function band({ points, band: edges }: XySeries, i: number): object[] {
  if (edges === undefined) return [];
  const edge = {
    type: 'line',
    stack: `band-${i}`,
    stackStrategy: 'all',
    symbol: 'none',
    lineStyle: { opacity: 0 },
    color: seriesColor(i),
  };
  return [
    { ...edge, data: points.map(([x], at) => [x, edges[at]![0]]) },
    { ...edge, data: points.map(([x], at) => [x, edges[at]![1] - edges[at]![0]]), areaStyle: { opacity: 0.16 } },
  ];
}

const scatter = ({ points }: XySeries, i: number) => ({
  type: 'scatter',
  data: points,
  symbol: seriesSymbol(i),
  symbolSize: 9,
  itemStyle: { color: seriesColor(i), opacity: 0.8 },
});

/** The line y = x from one corner of the chart to the other. */
const diagonalLine = ({ min, max }: AxisRange) => ({
  silent: true,
  symbol: 'none',
  label: { show: false },
  lineStyle: { color: 'var(--axis)', type: 'dashed', width: 1.5 },
  data: [[{ coord: [min, min] }, { coord: [max, max] }]],
});
