import { describe, expect, it } from 'vitest';

import { CLI_LIMITS, countOption, numberOption } from './number-option.js';

describe('countOption', () => {
  it.each(Object.entries(CLI_LIMITS))('takes whole numbers up to its limit, and no others: %s', (_, most) => {
    const read = countOption(most);
    expect([read('1'), read('1e3'), read(String(most))]).toEqual([1, 1000, most]);
    for (const text of ['0', '-1', '1.5', String(most + 1), '1e30', 'Infinity', 'NaN', '', ' ', '7 days']) {
      expect(() => read(text), text).toThrow(expect.objectContaining({ code: 'commander.invalidArgument' }));
    }
  });
});

describe('numberOption', () => {
  it('takes finite numbers', () => {
    expect([numberOption('-0.5'), numberOption('1e-4')]).toEqual([-0.5, 1e-4]);
    for (const text of ['1e999', 'a', '']) expect(() => numberOption(text), text).toThrow(/expected a number/);
  });
});
