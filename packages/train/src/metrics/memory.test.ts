import { expect, it } from 'vitest';

import { memoryMetrics } from './memory.js';

it('memoryMetrics drops what an interrupted run measured after its checkpoint', async () => {
  const metrics = memoryMetrics();
  await metrics.startAfter(0);
  for (const step of [10, 20, 30]) await metrics.write({ step, loss: 1 / step });
  await metrics.startAfter(20);
  await metrics.write({ step: 30, loss: 7 });
  expect(metrics.records).toEqual([
    { step: 10, loss: 0.1 },
    { step: 20, loss: 0.05 },
    { step: 30, loss: 7 },
  ]);
});
