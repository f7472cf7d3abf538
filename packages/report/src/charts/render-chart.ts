import { barOption } from './bar-chart.js';
import { startChart } from './echarts.js';
import { trusted, type Html } from '../page/html.js';
import type { ChartFigure } from '../page/report-data.js';
import { xyOption } from './xy-chart.js';

/** The size of a chart, in CSS pixels. Text keeps its size, so that a narrow chart stays readable on a phone. */
export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Draws a chart as an SVG element without a browser. Its colors are the page's custom properties, so that it follows light and dark.
 *
 * @param id unique in the page
 */
export function renderChart(figure: ChartFigure, { width, height }: ChartSize, id: string): Html {
  const chart = startChart(width, height);
  try {
    chart.setOption({ animation: false, ...chartOption(figure, width) });
    return trusted(forPage(chart.renderToSVGString(), id));
  } finally {
    chart.dispose();
  }
}

/** The drawing of ECharts. */
export const chartOption = (figure: ChartFigure, width: number): object =>
  figure.chart === 'bar' ? barOption(figure, width) : xyOption(figure, width);

/** Leaves out hover styles, namespaces and fixed sizes; ids, which ECharts counts up from chart to chart, become the page's. */
const forPage = (svg: string, id: string): string =>
  svg
    .replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')
    .replace(/ (?:class|ecmeta_\w+|pointer-events|xmlns|xmlns:xlink|version|baseProfile)="[^"]*"/g, '')
    .replace(/^<svg width="\d+" height="\d+"/, '<svg aria-hidden="true"')
    .replace(/zr\d+-/g, `${id}-`)
    .replace(/\n+/g, '\n');
