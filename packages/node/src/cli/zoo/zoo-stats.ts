import type { InstanceRecord } from '@netspace/zoo';

/** How numbers spread. */
export interface Spread {
  readonly networks: number;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  /** Standard deviation, of a sample; 0 for one number. */
  readonly deviation: number;
}

export interface ZooStats {
  readonly networks: number;
  readonly bytes: number;
  readonly files: number;
  /** By parameter count. */
  readonly architectures: readonly {
    readonly name: string;
    readonly parameterCount: number;
    readonly networks: number;
    readonly epochs: Spread;
  }[];
  /** Of each architecture, the metrics that its networks have. */
  readonly metrics: readonly (Spread & { readonly name: string; readonly architecture: string })[];
}

/** Counts and spreads of a zoo, of one pass over its records. */
export function zooStats(records: Iterable<InstanceRecord>): ZooStats {
  const kinds = new Map<string, { parameterCount: number; epochs: Sums; metrics: Map<string, Sums> }>();
  const files = new Set<string>();
  let [networks, bytes] = [0, 0];
  for (const record of records) {
    networks++;
    bytes += record.bytes;
    files.add(record.file);
    const { architecture, parameterCount } = record;
    const kind = kinds.get(architecture) ?? { parameterCount, epochs: sums(), metrics: new Map<string, Sums>() };
    kinds.set(architecture, kind);
    kind.epochs.add(record.epochs);
    for (const [name, value] of Object.entries(record.metrics)) {
      const metric = kind.metrics.get(name) ?? sums();
      kind.metrics.set(name, metric);
      metric.add(value);
    }
  }
  const sorted = [...kinds].sort(([a, x], [b, y]) => x.parameterCount - y.parameterCount || (a < b ? -1 : 1));
  return {
    ...{ networks, bytes, files: files.size },
    architectures: sorted.map(([name, { parameterCount, epochs }]) => ({
      name,
      parameterCount,
      networks: epochs.spread().networks,
      epochs: epochs.spread(),
    })),
    metrics: sorted.flatMap(([architecture, { metrics }]) =>
      [...metrics].map(([name, metric]) => ({ name, architecture, ...metric.spread() })),
    ),
  };
}

type Sums = ReturnType<typeof sums>;

/** Welford's: exact also where the mean is much larger than the spread. */
function sums() {
  let [count, mean, squares, min, max] = [0, 0, 0, Infinity, -Infinity];
  return {
    add(value: number): void {
      count++;
      const difference = value - mean;
      mean += difference / count;
      squares += difference * (value - mean);
      [min, max] = [Math.min(min, value), Math.max(max, value)];
    },
    spread: (): Spread => ({ networks: count, min, mean, max, deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : 0 }),
  };
}
