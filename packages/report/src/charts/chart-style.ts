import { formatTick } from './format-value.js';
import type { ChartAxis } from '../page/report-data.js';

const FONT_SIZE = 12;

/** Color of the i-th series: one of six custom properties of the page. */
export const seriesColor = (i: number): string => `var(--series-${(i % 6) + 1})`;

/** Marker of the i-th series, so that series differ not only in color. */
export const seriesSymbol = (i: number): string => ['circle', 'triangle', 'rect', 'diamond'][i % 4]!;

export const axisText = { color: 'var(--muted)', fontSize: FONT_SIZE, fontFamily: 'inherit' };
export const axisLine = { show: true, lineStyle: { color: 'var(--axis)' } };

/** A numeric axis. The name of a vertical axis is above it, that of a horizontal axis below its middle. */
export const valueAxis = ({ label, format, scale = 'linear', min, max }: ChartAxis, direction: 'x' | 'y') => ({
  type: scale === 'log' ? 'log' : 'value',
  name: label,
  min,
  max,
  scale: direction === 'x',
  axisLine: { ...axisLine, show: direction === 'x', onZero: false },
  axisTick: { show: direction === 'x', lineStyle: { color: 'var(--axis)' } },
  splitLine: { show: direction === 'y', lineStyle: { color: 'var(--grid)' } },
  splitNumber: 5,
  axisLabel: { ...axisText, hideOverlap: true, formatter: (value: number) => formatTick(value, format) },
  ...axisName(direction),
});

const axisName = (direction: 'x' | 'y') =>
  direction === 'x'
    ? { nameLocation: 'middle', nameGap: 30, nameTextStyle: axisText }
    : { nameLocation: 'end', nameGap: 14, nameTextStyle: { ...axisText, align: 'left', padding: [0, 0, 0, -40] } };

export const GRID = { left: 52, right: 18, top: 34, bottom: 48, outerBoundsMode: 'none' };
