import { architecturesInOrder } from '../contradictions.js';
import type { InstanceRecord, KeptRecord } from '../instance-record.js';

/**
 * Records with their ClassIds: a record's own, or the place of its architecture by parameter count. What was numbered is kept, until a new
 * architecture comes between.
 */
export function numbering() {
  let [from, done]: [readonly KeptRecord[], InstanceRecord[]] = [[], []];
  let places = new Map<string, number>();
  const texts = new Map<string, string>();
  /** The same text for all that have it: a hundred thousand records name few files and architectures. */
  const once = (text: string): string => texts.get(text) ?? (texts.set(text, text), text);
  return (records: readonly KeptRecord[]): readonly InstanceRecord[] => {
    if (records !== from || records.slice(done.length).some(({ architecture }) => !places.has(architecture))) {
      [from, done] = [records, []];
      places = new Map(architecturesInOrder(records).map((architecture, place) => [architecture, place]));
    }
    for (let i = done.length; i < records.length; i++) {
      const {
        name,
        architecture,
        parameterCount,
        classId = places.get(architecture)!,
        epochs,
        seed,
        metrics,
        file,
        offset,
        sha256,
        bytes,
      } = records[i]!;
      const place = offset === undefined ? { file: once(file) } : { file: once(file), offset };
      // What else its line may have is left out.
      done.push({ name, architecture: once(architecture), parameterCount, classId, epochs, seed, metrics, ...place, sha256, bytes });
    }
    return done;
  };
}
