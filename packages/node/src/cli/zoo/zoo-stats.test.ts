import type { InstanceRecord } from '@netspace/zoo';
import { describe, expect, it } from 'vitest';

import { zooStats } from './zoo-stats.js';

const record = (architecture: string, parameterCount: number, metrics: Readonly<Record<string, number>>, file = 'shards/000000.bin') =>
  ({
    name: 'n',
    architecture,
    parameterCount,
    classId: 0,
    epochs: parameterCount / 10,
    seed: 0,
    metrics,
    file,
    sha256: '',
    bytes: 100,
  }) satisfies InstanceRecord;

describe('zooStats', () => {
  it('is that of no networks', () => {
    expect(zooStats([])).toEqual({ networks: 0, bytes: 0, files: 0, architectures: [], metrics: [] });
  });
  it('counts and spreads by architecture, those of few parameters first', () => {
    const metric = [2, 4, 4, 4, 5, 5, 7, 9]; // mean 5, squares about it 32
    const { networks, bytes, files, architectures, metrics } = zooStats([
      record('large', 20, { loss: 1 }, 'instances/a.safetensors'),
      ...metric.map((loss) => record('small', 10, { loss: 1e9 + loss })),
    ]);
    expect({ networks, bytes, files }).toEqual({ networks: 9, bytes: 900, files: 2 });
    expect(architectures.map(({ name, networks: count, epochs }) => [name, count, epochs.mean])).toEqual([['small', 8, 1], ['large', 1, 2]]); // prettier-ignore
    expect(metrics).toMatchObject([
      { name: 'loss', architecture: 'small', networks: 8, min: 1e9 + 2, mean: 1e9 + 5, max: 1e9 + 9 },
      { name: 'loss', architecture: 'large', networks: 1, min: 1, mean: 1, max: 1, deviation: 0 },
    ]);
    expect(metrics[0]!.deviation).toBeCloseTo(Math.sqrt(32 / 7), 6);
  });
});
