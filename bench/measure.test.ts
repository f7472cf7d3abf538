import { expect, it } from 'vitest';

import { startContender } from './contender.js';
import { measure, median } from './measure.js';

const clock = (name: string) =>
  startContender(name, process.execPath, [
    '-e',
    'console.log(JSON.stringify({ ready: true })); let n = 0; require("readline").createInterface({ input: process.stdin }).on("line", () => console.log(JSON.stringify({ seconds: ++n, peakBytes: 10 - n })))',
  ]);

it('takes the middle of an odd list and the mean of the middle two of an even one', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

it('leaves the warm-up out of the times but not out of the peak', async () => {
  const contenders = await Promise.all([clock('a'), clock('b')]);
  const [a, b] = await measure(contenders, { rounds: 3, warmup: 2 });
  for (const contender of contenders) contender.stop();
  expect(a!.seconds).toEqual([3, 4, 5]);
  expect(b!.median).toBe(4);
  expect(a!.peakBytes).toBe(9);
});

it('tells what a process said before it stopped', async () => {
  await expect(startContender('broken', process.execPath, ['-e', 'console.error("no such runtime"); process.exit(1)'])).rejects.toThrow(
    'no such runtime',
  );
});
