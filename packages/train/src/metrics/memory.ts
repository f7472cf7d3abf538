import type { MetricsRecord, MetricsSink } from './metrics.js';

/**
 * Measurements kept in memory, for a page that draws them or a test.
 *
 * @example
 * ```ts
 * import { memoryMetrics } from '@netspace/train';
 *
 * const metrics = memoryMetrics(); // the option of this name of trainNetSpace
 * await metrics.startAfter(0);
 * await metrics.write({ step: 10, loss: 0.5 });
 * console.log(metrics.records); // [ { step: 10, loss: 0.5 } ]
 * ```
 */
export function memoryMetrics(): MetricsSink & { readonly records: readonly MetricsRecord[] } {
  const records: MetricsRecord[] = [];
  return {
    records,
    startAfter(step) {
      records.splice(0, records.length, ...records.filter((record) => record.step <= step));
      return Promise.resolve();
    },
    write(record) {
      records.push(record);
      return Promise.resolve();
    },
  };
}
