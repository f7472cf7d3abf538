import type { MappedNetwork } from '../folder/manifest.js';
import { figure, metricLabel, metricValue } from '../ui/words.js';

/** What was measured of a network before it came here. */
export function Metrics({ network }: { readonly network: MappedNetwork }) {
  const { metrics, length, seed } = network;
  const rows: readonly (readonly [string, string])[] = [
    ...Object.entries(metrics).map(([name, value]) => [metricLabel(name), metricValue(name, value)] as const),
    ...(length ? [['training length', `${figure(length)} epochs`] as const] : []), // 0 where nobody has said it
    ...(seed === undefined ? [] : [['seed', String(seed)] as const]),
  ];
  if (rows.length === 0) return null;
  return (
    <dl class="facts">
      {rows.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
