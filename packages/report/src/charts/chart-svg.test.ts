import { describe, expect, it } from 'vitest';

import { chartSvg } from './chart-svg.js';
import type { XyChart } from '../page/report-data.js';

const chart: XyChart = {
  kind: 'chart',
  chart: 'line',
  title: 'Accuracy & γ',
  x: { label: 'γ' },
  y: { label: 'accuracy', format: 'percent' },
  series: [
    {
      name: 'mean',
      points: [
        [0, 0.25],
        [1, 0.5],
      ],
      band: [
        [0.125, 0.375],
        [0.375, 0.625],
      ],
    },
    { name: 'ends', points: [[0, 0.25]], dashed: true },
  ],
};

describe('chartSvg', () => {
  const svg = chartSvg(chart);

  it('stands alone: a namespace, a size, colors of its own', () => {
    expect(svg).toMatch(/^<svg width="640" height="400" xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).not.toMatch(/var\(|inherit/);
    expect(svg).toContain('#2b6cdf');
  });
  it('names the chart and its series', () => {
    for (const text of ['Accuracy &amp; γ', '>mean<', '>ends<', '>50\u00a0%<']) expect(svg).toContain(text);
  });
  it('fills the band between its edges', () => {
    expect(svg.match(/fill-opacity="0\.16"/g)).toHaveLength(1);
  });
  it('draws the diagonal from corner to corner, also where one axis alone reaches far', () => {
    const dashed = (points: readonly (readonly [number, number])[], diagonal = true) => {
      const svg = chartSvg({
        ...chart,
        chart: 'scatter',
        diagonal,
        x: { label: 'x', min: 0 },
        y: { label: 'y', min: 0 },
        series: [{ name: 'a', points }],
      });
      return svg.match(/stroke-dasharray/g)?.length ?? 0;
    };
    const [wide, tall] = [[0.42, 0.06] as const, [0.06, 0.42] as const];
    expect([dashed([wide]), dashed([tall]), dashed([wide], false)]).toEqual([1, 1, 0]);
  });
  it('writes the values of narrow bars upright, so that none lies on the next', () => {
    const uprights = (categories: number, series: number) =>
      chartSvg({
        ...{ kind: 'chart', chart: 'bar', title: 'Bars', y: { label: 'accuracy' } },
        categories: Array.from({ length: categories }, (_, i) => `category ${i}`),
        series: Array.from({ length: series }, (_, i) => ({ name: `series ${i}`, values: Array<number>(categories).fill(i + 1) })),
      }).match(/<text[^>]*transform="matrix\(0,-1,1,0/g)?.length ?? 0;
    expect(uprights(2, 2)).toBe(0);
    expect(uprights(4, 4)).toBe(16);
  });
  it('refuses a band that is not of the points', () => {
    const [first] = chart.series;
    expect(() => chartSvg({ ...chart, series: [{ ...first!, band: [[0, 1]] }] })).toThrow(/band of 2 pairs .* "mean", got 1/);
  });
});
