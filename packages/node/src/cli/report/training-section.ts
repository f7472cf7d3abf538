import type { ReportSection } from '@netspace/report';
import type { MetricsRecord } from '@netspace/train';

/** What each loss and measure of a run was, step by step; none if nothing was recorded. */
export function trainingSection(metrics: readonly MetricsRecord[]): ReportSection[] {
  // Losses and what was measured on the way stand in records of their own.
  const names = [...new Set(metrics.flatMap((record) => Object.keys(record)))].filter((name) => name !== 'step' && name !== 'learningRate');
  if (names.length === 0) return [];
  return [
    {
      title: 'Training',
      text: 'Losses while the space was learned; lower is better. The total, loss, is the weighted sum of the others. A curve that still falls at its end says that more steps may help.',
      figures: names.map((name) => ({
        ...({ kind: 'chart', chart: 'line', title: name, x: { label: 'step' }, y: { label: unitOf(name, metrics) } } as const),
        series: [
          { name, points: metrics.filter((record) => name in record).map((record) => [record.step, Number(record[name])] as const) },
        ],
      })),
    },
  ];
}

/** Losses are in nats; measurements say what they are by their names. */
const unitOf = (name: string, metrics: readonly MetricsRecord[]): string =>
  metrics.some((record) => name in record && 'loss' in record) ? 'nats' : name;
