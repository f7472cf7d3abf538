import { expect, it } from 'vitest';

import { formatTick, formatValue } from './format-value.js';

it.each([
  [0, undefined, '0'],
  [0.12345, undefined, '0.123'],
  [-2.5, undefined, '-2.5'],
  [100, undefined, '100'],
  [0.00012345, undefined, '1.2e-4'],
  [0.0005, undefined, '5e-4'],
  [1234567.8, undefined, '1,234,568'],
  [-1234, 'integer', '-1,234'],
  [7.6, 'integer', '8'],
  [0.91, 'percent', '91\u00a0%'],
  [0.9127, 'percent', '91.3\u00a0%'],
  [1, 'percent', '100\u00a0%'],
  [Number.NaN, 'percent', 'NaN'],
] as const)('writes %s (%s) as %s', (value, format, expected) => expect(formatValue(value, format)).toBe(expected));

it.each([
  [9999, 'number', '9,999'],
  [10_000, 'number', '10k'],
  [-12_500, 'integer', '-12.5k'],
  [100_000, 'integer', '100k'],
  [2_500_000, undefined, '2.5M'],
  [0.5, 'percent', '50\u00a0%'],
] as const)('writes the tick %s (%s) as %s', (value, format, expected) => expect(formatTick(value, format)).toBe(expected));
