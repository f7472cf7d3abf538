import { architecturesInOrder } from '../contradictions.js';
import type { InstanceRecord, KeptRecord } from '../instance-record.js';

/**
 * Records with their ClassIds: a record's own, or the place of its architecture by parameter count. What was numbered is kept, until a new
 * architecture comes between.
 */
export function numbering() {
  let [from, done]: [readonly KeptRecord[], InstanceRecord[]] = [[], []];
  let places = new Map<string, number>();
  return (records: readonly KeptRecord[]): readonly InstanceRecord[] => {
    if (records !== from || records.slice(done.length).some(({ architecture }) => !places.has(architecture))) {
      [from, done] = [records, []];
      places = new Map(architecturesInOrder(records).map((architecture, place) => [architecture, place]));
    }
    for (let i = done.length; i < records.length; i++) {
      const record = records[i]!;
      done.push({ ...record, classId: record.classId ?? places.get(record.architecture)! });
    }
    return done;
  };
}
