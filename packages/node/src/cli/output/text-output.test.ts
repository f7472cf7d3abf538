import { describe, expect, it, vi } from 'vitest';

import { makeProgress } from '../../runs/progress.js';
import { measureCell, textTable } from './text-table.js';

describe('textTable', () => {
  it('aligns columns, numbers to the right', () => {
    const rows = [
      ['one', 1, 0.5],
      ['another', 10, null],
    ];
    expect(textTable(['name', 'n', 'value'], rows)).toBe(['name      n  value', 'one       1  0.500', 'another  10  –'].join('\n'));
    expect(textTable(['empty'], [])).toBe('empty');
  });
  it('has mean squared errors with three significant digits', () => {
    const rows = [1.284e-5, 3e-4].map((mse) => [measureCell('mse', mse), measureCell('iou', 0.5), measureCell('mse', undefined)]);
    expect(textTable(['mse', 'iou', 'testMse'], rows)).toBe(
      ['mse        iou  testMse', '1.28e-5  0.500  –', '3.00e-4  0.500  –'].join('\n'),
    );
  });
});

describe('makeProgress', () => {
  it('writes a line now and then where there is no terminal, nothing if quiet', () => {
    vi.useFakeTimers();
    const lines: string[] = [];
    const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
    const tty = process.stderr.isTTY;
    process.stderr.isTTY = false;
    try {
      const progress = makeProgress('training', 100, { quiet: false });
      progress.update(1, 'loss 2');
      vi.advanceTimersByTime(11_000);
      progress.update(40);
      progress.update(41);
      makeProgress('silent', 1, { quiet: true }).update(1);
      progress.stop();
    } finally {
      process.stderr.isTTY = tty;
      write.mockRestore();
      vi.useRealTimers();
    }
    expect(lines).toEqual(['training: 40 of 100, loss 2, 3.5 a second, 17 s left\n']); // 39 in 11 s, 60 to go
  });
});
