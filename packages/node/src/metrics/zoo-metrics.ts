import { join } from 'node:path';

import type { MetricsRecord } from '@netspace/train';

import { filesAt } from '../files/files-at.js';
import { isS3Address } from '../files/s3/s3-place.js';
import { metricsFile, metricsText, replaceMetrics } from './metrics-file.js';

/** `metrics.jsonl` of a zoo. */
export interface ZooMetrics {
  /** Replaces what is there. */
  start(records: readonly MetricsRecord[]): Promise<void>;
  write(record: MetricsRecord): Promise<void>;
  end(): Promise<void>;
}

/** In a folder each record is there when `write` returns. In a bucket, where nothing can be added to an object, all are written at the end. */
export function zooMetrics(zoo: string): ZooMetrics {
  return isS3Address(zoo) ? atTheEnd(zoo) : atOnce(join(zoo, 'metrics.jsonl'));
}

function atOnce(path: string): ZooMetrics {
  const file = metricsFile(path);
  return {
    start: (records) => replaceMetrics(path, records),
    write: (record) => Promise.resolve(file.write(record)),
    end: () => Promise.resolve(),
  };
}

function atTheEnd(zoo: string): ZooMetrics {
  let all: MetricsRecord[] | undefined;
  return {
    start: (records) => Promise.resolve(void (all = [...records])),
    write: (record) => Promise.resolve(void all?.push(record)),
    async end() {
      if (all !== undefined) await filesAt(zoo).write('metrics.jsonl', new TextEncoder().encode(metricsText(all)));
    },
  };
}
