import { NetSpaceError } from '@netspace/prep';
import { listOf, objectOf, type Option, parseJson, parseOptions, text, type UsedBy, valueOf } from '@netspace/prep/internal';
import type { InstanceRecord, InstanceStore } from '@netspace/zoo';

import { filesAt, readAt } from '../files/files-at.js';
import { FILE_LIMITS } from '../files/read-regular-file.js';

/** Measures that `zoo evaluate` made, in the folder of the zoo: the index of a zoo says what was known when a network was added, and is never changed. */
export const MEASURES_FILE = 'measures.jsonl';

const numbers: Option<Readonly<Record<string, number>>> = valueOf(
  'numbers by name',
  (value) => typeof value === 'object' && value !== null && Object.values(value).every((one) => Number.isFinite(one)),
);

const keptMeasure = objectOf({
  /** Of the network. */
  name: text,
  /** Of its weights: another network may take its name. */
  sha256: text,
  /** First part of the names of the metrics. */
  as: text,
  /** Tells what it was measured on from anything else. */
  on: text,
  metrics: numbers,
});
export type KeptMeasure = UsedBy<typeof keptMeasure>;
const keptMeasures = listOf(keptMeasure, 'a list of measures');

/**
 * The measures beside a zoo; none if there is no such file.
 *
 * @throws NetSpaceError `CORRUPT_FILE` or `INVALID_OPTION` if the file holds something else
 */
export async function readKeptMeasures(zoo: string): Promise<readonly KeptMeasure[]> {
  const bytes = await readAt('readKeptMeasures', zoo, MEASURES_FILE, FILE_LIMITS.weights);
  if (bytes === undefined) return [];
  const place = `${zoo}/${MEASURES_FILE}`;
  const lines = new TextDecoder().decode(bytes).split('\n').filter((line) => line !== ''); // prettier-ignore
  return parseOptions(place, keptMeasures, lines.map((line) => parsed(place, line))); // prettier-ignore
}

function parsed(place: string, line: string): unknown {
  try {
    return parseJson(line);
  } catch (cause) {
    throw new NetSpaceError('CORRUPT_FILE', `readKeptMeasures: expected a line of JSON in ${place}, got ${JSON.stringify(line.slice(0, 40))}; remove the line, or the file and evaluate again`, { cause }); // prettier-ignore
  }
}

export const writeKeptMeasures = (zoo: string, measures: readonly KeptMeasure[]): Promise<void> =>
  filesAt(zoo).write(MEASURES_FILE, new TextEncoder().encode(measures.map((one) => `${JSON.stringify(one)}\n`).join('')));

/** Gives records the measures beside the zoo; what a record itself says stays. */
export function measuredBy(kept: readonly KeptMeasure[]): (record: InstanceRecord) => InstanceRecord {
  const known = new Map<string, Record<string, number>>();
  for (const { sha256, name, metrics } of kept) known.set(`${sha256} ${name}`, { ...known.get(`${sha256} ${name}`), ...metrics });
  return (record) => {
    const metrics = known.get(`${record.sha256} ${record.name}`);
    return metrics === undefined ? record : { ...record, metrics: { ...metrics, ...record.metrics } };
  };
}

/** A store whose records also have the measures beside it. */
export function withMeasures(store: InstanceStore, kept: readonly KeptMeasure[]): InstanceStore {
  if (kept.length === 0) return store;
  const measured = measuredBy(kept);
  return {
    ...store,
    list: async () => (await store.list()).map(measured),
    async load(name) {
      const loaded = await store.load(name);
      return { ...loaded, record: measured(loaded.record) };
    },
  };
}
