import type { ReportSection, XyChart } from '@netspace/report';
import type { InstanceRecord } from '@netspace/zoo';

import type { Called } from '../called.js';
import type { ReportPart } from './report-on-classifiers.js';

/** Rows of the table; the command `zoo list` has all. */
const MOST_ROWS = 300;

const isShare = (name: string): boolean => /accuracy|iou|agreement/i.test(name);

/** What is in a zoo, by its manifest: how many networks of which architecture, how good, how long trained. */
export function reportOnZoo(records: readonly InstanceRecord[], { netspace = 'netspace' }: Called = {}): ReportPart {
  const architectures = [...new Set(records.map(({ architecture }) => architecture))];
  const metrics = [...new Set(records.flatMap((record) => Object.keys(record.metrics)))];
  const bytes = records.reduce((sum, record) => sum + record.bytes, 0);
  return {
    headline: [
      { label: 'networks', value: `${records.length}` },
      { label: 'architectures', value: `${architectures.length}` },
      { label: 'size', value: `${(bytes / 1e6).toFixed(1)} MB` },
      ...metrics.filter(isShare).map((name) => rangeOf(name, records)),
    ],
    sections: [
      {
        title: 'Architectures',
        text: 'The ClassId is the number of an architecture, by its count of parameters. A space needs some ten networks of each, from poor to good, to have something to walk through.',
        figures: [
          {
            kind: 'table',
            columns: ['architecture', 'networks', 'parameters', 'seeds'].map((label) => ({ label, format: 'integer' })),
            rows: architectures.map((name) => {
              const own = records.filter(({ architecture }) => architecture === name);
              return [name, own.length, own[0]!.parameterCount, new Set(own.map(({ seed }) => seed)).size];
            }),
          },
        ],
      },
      ...(metrics.length === 0 ? [] : [measuresSection(records, architectures, metrics)]),
      {
        title: 'Networks',
        ...(records.length > MOST_ROWS && { text: `The first ${MOST_ROWS} of ${records.length}; ${netspace} zoo list has all.` }),
        figures: [
          {
            kind: 'table',
            columns: [
              { label: 'network' },
              { label: 'epochs' },
              { label: 'seed', format: 'integer' },
              ...metrics.map((name) => ({ label: name, ...(isShare(name) && { format: 'percent' as const }) })),
            ],
            rows: records
              .slice(0, MOST_ROWS)
              .map((record) => [record.name, record.epochs, record.seed, ...metrics.map((name) => record.metrics[name] ?? null)]),
          },
        ],
      },
    ],
    result: { networks: records.length, architectures, bytes },
    remarks: [],
  };
}

function rangeOf(name: string, records: readonly InstanceRecord[]) {
  const values = records.flatMap(({ metrics }) => metrics[name] ?? []);
  const percent = (value: number): string => `${(100 * value).toFixed(0)} %`;
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return {
    label: name,
    value: `${percent(least)} to ${percent(most)}`,
    note: 'The poorest and the best network. A wide range is good: a space learns what differs.',
  };
}

function measuresSection(records: readonly InstanceRecord[], architectures: readonly string[], metrics: readonly string[]): ReportSection {
  const chart = (metric: string): XyChart => ({
    ...({ kind: 'chart', chart: 'scatter', title: metric, x: { label: 'epochs of training' } } as const),
    y: { label: metric, ...(isShare(metric) && { format: 'percent' as const }) },
    series: architectures.map((name) => ({
      name,
      points: records.flatMap(({ architecture, epochs, metrics: values }) =>
        architecture === name && values[metric] !== undefined ? [[epochs, values[metric]] as const] : [],
      ),
    })),
  });
  return {
    title: 'How good, after how long',
    text: 'Each point is a network, measured when it was made.',
    figures: metrics.map(chart),
  };
}
