import { axisLine, axisText, GRID, seriesColour, valueAxis } from './chart-style.js';
import { formatValue } from './format-value.js';
import type { BarChart } from './report-data.js';

/** ECharts options of a bar chart; few enough bars carry their value. */
export function barOption({ categories, y, series }: BarChart, width: number): object {
  const bars = categories.length * series.length;
  const slot = (width - 70) / categories.length;
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
      itemStyle: { color: seriesColour(i), borderRadius: [3, 3, 0, 0] },
      label: {
        show: bars * 40 <= width,
        position: 'top',
        color: 'var(--text)',
        fontSize: 11,
        fontFamily: 'inherit',
        formatter: ({ value }: { readonly value: unknown }) => (typeof value === 'number' ? formatValue(value, y.format) : ''),
      },
    })),
  };
}
