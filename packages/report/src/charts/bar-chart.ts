import { axisLine, axisText, GRID, seriesColor, valueAxis } from './chart-style.js';
import { formatValue } from './format-value.js';
import type { BarChart } from '../page/report-data.js';

/** The width of a bar below which its value does not fit above it, horizontal or upright; px. */
const LEAST_PITCH = { lying: 40, standing: 14 } as const;

/** ECharts options of a bar chart; few enough bars carry their value. */
export function barOption({ categories, y, series }: BarChart, width: number): object {
  const standing = { rotate: 90, align: 'left', verticalAlign: 'middle', distance: 6 };
  const slot = (width - 70) / categories.length;
  const pitch = (0.8 * slot) / series.length; // a fifth is gaps
  const names = slot < 50 ? { rotate: 50, width: 76, overflow: 'truncate' } : { width: slot - 14, overflow: 'break', lineHeight: 14 };
  return {
    grid: slot < 50 ? { ...GRID, bottom: 72 } : GRID,
    xAxis: {
      type: 'category',
      data: categories,
      axisLine,
      axisTick: { show: false },
      axisLabel: { ...axisText, interval: 0, ...names },
    },
    yAxis: valueAxis(y, 'y'),
    series: series.map(({ name, values }, i) => ({
      name,
      type: 'bar',
      data: values.map((value) => value ?? '-'),
      barMaxWidth: 42,
      barGap: '12%',
      itemStyle: { color: seriesColor(i), borderRadius: [3, 3, 0, 0] },
      label: {
        show: pitch >= LEAST_PITCH.standing,
        position: 'top',
        ...(pitch < LEAST_PITCH.lying && standing),
        color: 'var(--text)',
        fontSize: 11,
        fontFamily: 'inherit',
        formatter: ({ value }: { readonly value: unknown }) => (typeof value === 'number' ? formatValue(value, y.format) : ''),
      },
    })),
  };
}
