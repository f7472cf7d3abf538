import type { ReportSection } from '@netspace/report';
import type { MetricsRecord } from '@netspace/train';

/**
 * What each loss and measure of a run was, step by step; none if nothing was recorded.
 *
 * @param config of the run, if it has left word
 */
export function trainingSection(metrics: readonly MetricsRecord[], config?: unknown): ReportSection[] {
  // Losses and what was measured on the way stand in records of their own.
  const names = [...new Set(metrics.flatMap((record) => Object.keys(record)))].filter((name) => name !== 'step' && name !== 'learningRate');
  if (names.length === 0) return [];
  return [
    {
      title: 'Training',
      text: `Losses while the space was learned; lower is better. The total, loss, is the weighted sum of the others${names.includes('encoder') ? ', but of encoder, by which the encoder alone learns' : ''}. A curve that still falls at its end says that more steps may help.`,
      figures: names.map((name) => ({
        ...({ kind: 'chart', chart: 'line', title: name, x: { label: 'step' }, y: { label: labelOf(name, metrics, config) } } as const),
        series: [
          { name, points: metrics.filter((record) => name in record).map((record) => [record.step, Number(record[name])] as const) },
        ],
      })),
    },
  ];
}

/** What a curve is of, with its unit where that is known: it depends on the task. Measures say what they are by their names. */
function labelOf(name: string, metrics: readonly MetricsRecord[], config: unknown): string {
  if (name === 'rewinds' || !metrics.some((record) => name in record && 'loss' in record)) return name;
  if (name === 'encoder') return `${name}: share of the variance of embeddings that it misses`;
  const task = typeof config === 'object' && config !== null && 'task' in config ? config.task : undefined;
  if (typeof task !== 'object' || task === null || !('kind' in task)) return name;
  if (task.kind === 'sdf' && 'clamp' in task) return `${name}: mean difference of distances, which count up to ±${String(task.clamp)}`;
  if (task.kind === 'sdf') return `${name}: mean squared difference of distances`;
  if (task.kind === 'weights') return `${name}: mean squared difference of weights`;
  const isRelative = 'relative' in task && task.relative !== 0; // divided by a scale of each target
  const inNats = task.kind === 'classification' && name !== 'accuracyGap' && !isRelative;
  return inNats ? `${name}, in nats` : name;
}
