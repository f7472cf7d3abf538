import { parseOptions } from '@netspace/prep/internal';
import type { MetricsRecord, MetricsSink } from '@netspace/train';

import { fileProblem, isMissing } from '../files/file-problem.js';
import { onFileSystem, type FileSystem, type OnFileSystem } from '../files/file-system.js';
import { FILE_LIMITS } from '../files/read-regular-file.js';
import { writeAtomically } from '../files/write-atomically.js';

/**
 * A JSONL file of measurements, with one JSON object a line. It has only values that the run determines (no times), so that a resumed run
 * leaves the same bytes as an undisturbed one. A record is on the disk when `write` returns, so a power cut loses none of the records that
 * were written before a checkpoint. JSON has no NaN: a measurement that is not finite, such as a correlation of equal numbers, is left out
 * of its line.
 *
 * @throws NetSpaceError `INVALID_OPTION` for options that are unknown or wrong; from its methods: `UNAVAILABLE` if the disk is full or the
 * place cannot be written
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { metricsFile, readMetrics } from '@netspace/node';
 *
 * const path = join(await mkdtemp(join(tmpdir(), 'run-')), 'metrics.jsonl');
 * const metrics = metricsFile(path);
 * await metrics.startAfter(0);
 * await metrics.write({ step: 10, loss: 0.5 });
 * console.log(await readMetrics(path)); // [ { step: 10, loss: 0.5 } ]
 * ```
 */
export function metricsFile(path: string, options: OnFileSystem = {}): MetricsSink {
  const { fileSystem } = parseOptions('metricsFile', onFileSystem, options);
  return {
    async startAfter(step) {
      const kept = step > 0 ? (await readMetrics(path, { fileSystem })).filter((record) => record.step <= step) : [];
      await replaceMetrics(path, kept, { fileSystem });
    },
    write: (record) => append(path, toLine(record), fileSystem),
  };
}

/** Replaces the records of a metrics file. */
export const replaceMetrics = (path: string, records: readonly MetricsRecord[], on: OnFileSystem = {}): Promise<void> =>
  writeAtomically(path, metricsText(records), on);

export const metricsText = (records: readonly MetricsRecord[]): string => records.map(toLine).join('');

async function append(path: string, line: string, fileSystem: FileSystem): Promise<void> {
  try {
    const file = await fileSystem.open(path, 'a');
    try {
      await file.writeFile(line);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileProblem('metricsFile', path, error);
  }
}

/**
 * The records of a metrics file; a last line that was cut off is left out, a missing file has none.
 *
 * @example
 * ```ts
 * import { readMetrics } from '@netspace/node';
 *
 * console.log(await readMetrics('no-such-run/metrics.jsonl')); // []
 * ```
 */
export async function readMetrics(path: string, options: OnFileSystem = {}): Promise<MetricsRecord[]> {
  const { fileSystem } = parseOptions('readMetrics', onFileSystem, options);
  let text;
  try {
    text = new TextDecoder().decode(await fileSystem.readFile(path, { caller: 'readMetrics', limit: FILE_LIMITS.weights }));
  } catch (error) {
    if (isMissing(error)) return [];
    throw fileProblem('readMetrics', path, error);
  }
  return text.split('\n').flatMap((line) => {
    const value = parseLine(line);
    return isRecord(value) ? [measured(value)] : [];
  });
}

const toLine = (record: MetricsRecord): string => `${JSON.stringify(Object.fromEntries(Object.entries(record).filter(([, value]) => isMeasured(value))))}\n`; // prettier-ignore

const isMeasured = (value: unknown): boolean => typeof value === 'string' || Number.isFinite(value);

/** Without the nulls that earlier versions wrote for NaN. */
const measured = (record: MetricsRecord): MetricsRecord => ({ ...Object.fromEntries(Object.entries(record).filter(([, value]) => isMeasured(value))), step: record.step }); // prettier-ignore

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // a line that a killed process did not finish
  }
}

const isRecord = (value: unknown): value is MetricsRecord =>
  typeof value === 'object' && value !== null && 'step' in value && typeof value.step === 'number';
