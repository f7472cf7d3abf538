import { expect, it } from 'vitest';

import { bandSeries } from './band-series.js';

it('bandSeries has the mean of the curves at each place, within their range', () => {
  const curves = [[1, 4], [3, 4], [2, 7]]; // prettier-ignore
  expect(bandSeries('runs', [0, 0.5], curves)).toEqual({ name: 'runs', points: [[0, 2], [0.5, 5]], band: [[1, 3], [4, 7]] }); // prettier-ignore
});
